using System.Diagnostics;

namespace OtelTelemetry.Benchmarks;

/// <summary>Runs one case in a process of its own: what the runtime learned about one case's branches must not shape another's code.</summary>
internal static class CaseProcess
{
    internal static void Run(string name)
    {
        using var process = Process.Start(Again("ratio", name))!;
        process.WaitForExit();
    }

    /// <summary>This program once more, with other arguments: it may have been started by its own executable or by <c>dotnet</c>.</summary>
    internal static ProcessStartInfo Again(params string[] arguments)
    {
        var executable = Environment.ProcessPath!;
        var byDotnet = Path.GetFileNameWithoutExtension(executable).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return new ProcessStartInfo(executable, byDotnet ? [typeof(CaseProcess).Assembly.Location, .. arguments] : arguments);
    }
}
