using System.Diagnostics;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>Prometheus's own checks.</summary>
internal static class Promtool
{
    /// <summary>Runs <c>promtool check metrics</c>: 0 for clean text, 1 for a syntax error, 3 for a breach of the naming rules.</summary>
    public static async Task<(int ExitCode, string Output)> CheckMetrics(string text)
    {
        using var process = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(text);
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, await output + await errors);
    }
}
