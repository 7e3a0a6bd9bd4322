using System.Diagnostics;

namespace OtelTelemetry.Benchmarks;

/// <summary>Runs one case in a process of its own: what the runtime learned about one case's branches must not shape another's code.</summary>
internal static class CaseProcess
{
    internal static void Run(string name)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!) { ArgumentList = { typeof(CaseProcess).Assembly.Location, "ratio", name } })!;
        process.WaitForExit();
    }
}
