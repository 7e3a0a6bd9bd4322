using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>Grafana's own types (GrafanaSchema/check.js).</summary>
internal static class GrafanaSchema
{
    /// <summary>Checks dashboard files: 0 when they have Grafana's types; otherwise the output has a line <c>FILE:LINE: what</c> for each problem.</summary>
    public static Task<(int ExitCode, string Output)> Check(params string[] files) =>
        Tool.Run("node", [Repository.PathTo("test", "OtelTelemetry.Integration.Tests", "GrafanaSchema", "check.js"), .. files]);
}
