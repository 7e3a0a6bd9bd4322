using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Health.Checks.Tcp;

/// <summary>Is healthy when a connection can be opened, which is then closed: databases, queues, any server. Immutable.</summary>
public sealed record TcpHealthCheckOptions : TelemetryHealthCheckOptions
{
    /// <summary>The server's name or address. Required.</summary>
    public string Host { get; init; } = "";

    /// <summary>The server's port. Required; from 1 to 65535.</summary>
    public int Port { get; init; }

    /// <inheritdoc/>
    public override IHealthCheck Create(IServiceProvider services) => new TcpHealthCheck(this);

    internal static TelemetryHealthCheckOptions Read(SettingSection settings)
    {
        var options = ReadCommon(settings, new TcpHealthCheckOptions());
        settings.Bind("Host", Parse.Text, value => options = options with { Host = value });
        settings.Bind("Port", Parse.Integer, value => options = options with { Port = value });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (string.IsNullOrWhiteSpace(Host)) yield return (nameof(Host), "it is not set", "Allowed: a host name or an address, such as database");
        if (Port is < 1 or > IPEndPoint.MaxPort) yield return (nameof(Port), FormattableString.Invariant($"{Port} is not a port"), "Allowed: 1 to 65535");
    }
}
