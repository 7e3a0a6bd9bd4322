using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Health.Checks.Certificate;

/// <summary>
/// Is healthy while a certificate is valid for long enough: that of a TLS server, or one in a PEM file. Only its times are looked at, not who
/// issued it. Immutable.
/// </summary>
public sealed record CertificateHealthCheckOptions : TelemetryHealthCheckOptions
{
    /// <summary>The server's name or address. Required, unless <see cref="Path"/> is set.</summary>
    public string? Host { get; init; }

    /// <summary>The server's port. From 1 to 65535. Default: 443.</summary>
    public int Port { get; init; } = 443;

    /// <summary>The name the server is asked for (SNI). Default: null, which is <see cref="Host"/>.</summary>
    public string? ServerName { get; init; }

    /// <summary>A PEM file whose first certificate is looked at instead of a server's. Default: null.</summary>
    public string? Path { get; init; }

    /// <summary>Less time until it expires is a failure. Not less than zero. Default: 7 days.</summary>
    public TimeSpan MinRemaining { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Less time until it expires is degraded. Not less than zero. Default: 30 days.</summary>
    public TimeSpan DegradedRemaining { get; init; } = TimeSpan.FromDays(30);

    /// <inheritdoc/>
    public override IHealthCheck Create(IServiceProvider services) => new CertificateHealthCheck(this, services.GetService<TimeProvider>() ?? TimeProvider.System);

    internal static TelemetryHealthCheckOptions Read(SettingSection settings)
    {
        var options = ReadCommon(settings, new CertificateHealthCheckOptions());
        settings.Bind("Host", Parse.Text, value => options = options with { Host = value });
        settings.Bind("Port", Parse.Integer, value => options = options with { Port = value });
        settings.Bind("ServerName", Parse.Text, value => options = options with { ServerName = value });
        settings.Bind("Path", Parse.Text, value => options = options with { Path = value });
        settings.Bind("MinRemaining", Parse.Duration, value => options = options with { MinRemaining = value });
        settings.Bind("DegradedRemaining", Parse.Duration, value => options = options with { DegradedRemaining = value });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (string.IsNullOrWhiteSpace(Host) == string.IsNullOrWhiteSpace(Path)) yield return (nameof(Host), "neither it nor Path is set, or both are", "Allowed: the host of a TLS server, or the Path of a PEM file");
        if (Port is < 1 or > IPEndPoint.MaxPort) yield return (nameof(Port), FormattableString.Invariant($"{Port} is not a port"), "Allowed: 1 to 65535");
        if (MinRemaining < TimeSpan.Zero) yield return (nameof(MinRemaining), $"{MinRemaining} is less than zero", "Allowed: 0s and more, such as 168h or 7.00:00:00");
        if (DegradedRemaining < TimeSpan.Zero) yield return (nameof(DegradedRemaining), $"{DegradedRemaining} is less than zero", "Allowed: 0s and more, such as 720h or 30.00:00:00");
    }
}
