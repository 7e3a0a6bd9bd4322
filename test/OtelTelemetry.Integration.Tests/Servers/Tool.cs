using System.Diagnostics;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>A program that judges what it is given and ends.</summary>
internal static class Tool
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(90);

    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it reads from its standard input.</param>
    /// <returns>How it ended, and what it wrote to its standard output and error.</returns>
    public static async Task<(int ExitCode, string Output)> Run(string program, IEnumerable<string> arguments, string input = "")
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(s_longest);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"{program} still ran after {s_longest.TotalSeconds:0} s.");
        }

        return (process.ExitCode, await output + await errors);
    }
}
