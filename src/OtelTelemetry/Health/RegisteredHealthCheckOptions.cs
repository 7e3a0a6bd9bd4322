using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Health;

/// <summary>
/// Settings for a check that the application registers with <c>AddHealthChecks()</c>, under its name. What is set here beats what the
/// registration says. In the configuration: an entry of <c>Telemetry:Health:Checks</c> without a type. Immutable.
/// </summary>
public sealed record RegisteredHealthCheckOptions : TelemetryHealthCheckOptions
{
    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: the registration makes the check.</exception>
    public override IHealthCheck Create(IServiceProvider services) => throw new NotSupportedException("The registration makes the check.");

    internal static TelemetryHealthCheckOptions Read(SettingSection settings) => ReadCommon(settings, new RegisteredHealthCheckOptions());
}
