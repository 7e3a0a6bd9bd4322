using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OtelTelemetry.Health.Checks.Script;

/// <summary>Runs a program and looks at its exit code. Thread-safe.</summary>
internal sealed class ScriptHealthCheck(ScriptHealthCheckOptions options) : IHealthCheck
{
    /// <summary>How long after its end output may still come: a program it left behind may keep its output open for ever.</summary>
    private static readonly TimeSpan s_lastOutput = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a killed program may take to be gone.</summary>
    private static readonly TimeSpan s_lastBreath = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = new Process { StartInfo = StartInfo() };
        try
        {
            process.Start();
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or InvalidOperationException or PlatformNotSupportedException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"'{options.Command}' cannot be run: {exception.Message}", exception);
        }

        var output = new BoundedOutput(options.MaxOutputBytes);
        using var reading = new CancellationTokenSource();
        var read = Task.WhenAll(
            output.ReadAsync(process.StandardOutput.BaseStream, reading.Token),
            output.ReadAsync(process.StandardError.BaseStream, reading.Token));
        try
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            await Task.WhenAny(read, Task.Delay(s_lastOutput, cancellationToken)).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has closed its input; what counts is how it ends.
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await EndAsync(process).ConfigureAwait(false);
            await reading.CancelAsync().ConfigureAwait(false);
        }

        return ResultOf(process.ExitCode, output.ToString(), context.Registration.FailureStatus);
    }

    private HealthCheckResult ResultOf(int exitCode, string output, HealthStatus failure)
    {
        var status = exitCode == options.HealthyExitCode ? HealthStatus.Healthy : exitCode == options.DegradedExitCode ? HealthStatus.Degraded : failure;
        if (status == HealthStatus.Healthy) return HealthCheckResult.Healthy(output.Length == 0 ? null : output);
        return new HealthCheckResult(status, FormattableString.Invariant($"'{options.Command}' ended with code {exitCode}") + (output.Length == 0 ? "" : $": {output}"));
    }

    /// <summary>Kills what still runs, its children first among them.</summary>
    private static async Task EndAsync(Process process)
    {
        if (process.HasExited) return;
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended at this moment, or a child may not be killed by us.
        }

        using var patience = new CancellationTokenSource(s_lastBreath);
        await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private ProcessStartInfo StartInfo()
    {
        var start = new ProcessStartInfo(options.Command, options.Arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = options.WorkingDirectory ?? "",
        };
        foreach (var (name, value) in options.Environment) start.Environment[name] = value;
        return start;
    }
}
