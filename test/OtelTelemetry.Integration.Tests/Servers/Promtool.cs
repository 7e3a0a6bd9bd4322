namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>Prometheus's own checks.</summary>
internal static class Promtool
{
    /// <summary>Runs <c>promtool check metrics</c>: 0 for clean text, 1 for a syntax error, 3 for a breach of the naming rules.</summary>
    public static Task<(int ExitCode, string Output)> CheckMetrics(string text) => Tool.Run("promtool", ["check", "metrics"], text);

    /// <summary>Runs <c>promtool check rules</c>: 0 for rules Prometheus would load.</summary>
    public static Task<(int ExitCode, string Output)> CheckRules(string file) => Tool.Run("promtool", ["check", "rules", file]);

    /// <summary>Runs <c>promtool test rules</c>: 0 when every test in the file passes.</summary>
    public static Task<(int ExitCode, string Output)> TestRules(string file) => Tool.Run("promtool", ["test", "rules", file]);
}
