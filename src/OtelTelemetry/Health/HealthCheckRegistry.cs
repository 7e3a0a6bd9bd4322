using OtelTelemetry.Configuration;
using OtelTelemetry.Health.Checks.Certificate;
using OtelTelemetry.Health.Checks.DiskSpace;
using OtelTelemetry.Health.Checks.Http;
using OtelTelemetry.Health.Checks.Memory;
using OtelTelemetry.Health.Checks.Metric;
using OtelTelemetry.Health.Checks.Objective;
using OtelTelemetry.Health.Checks.Script;
using OtelTelemetry.Health.Checks.Tcp;

namespace OtelTelemetry.Health;

/// <summary>The health checks a configuration can name: one line each.</summary>
internal static class HealthCheckRegistry
{
    /// <summary>What an entry without a type is.</summary>
    public const string Registered = "Registered";

    public static IReadOnlyList<(string Type, Func<SettingSection, TelemetryHealthCheckOptions> Read)> All { get; } =
    [
        ("Certificate", CertificateHealthCheckOptions.Read),
        ("DiskSpace", DiskSpaceHealthCheckOptions.Read),
        ("Http", HttpHealthCheckOptions.Read),
        ("Memory", MemoryHealthCheckOptions.Read),
        ("Metric", MetricHealthCheckOptions.Read),
        ("Objective", ObjectiveHealthCheckOptions.Read),
        (Registered, RegisteredHealthCheckOptions.Read),
        ("Script", ScriptHealthCheckOptions.Read),
        ("Tcp", TcpHealthCheckOptions.Read),
    ];
}
