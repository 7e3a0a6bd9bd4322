using System.Diagnostics;
using System.Runtime.InteropServices;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>A program started for one test: a data folder of its own, its output kept, stopped by its process id.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan s_timeToStop = TimeSpan.FromSeconds(15);
    private readonly Process _process;

    private ServerProcess(Process process, string dataFolder, OutputBuffer output)
    {
        _process = process;
        DataFolder = dataFolder;
        Output = output;
    }

    /// <summary>A folder that lives as long as the process.</summary>
    public string DataFolder { get; }

    /// <summary>What the program wrote to its standard output and error.</summary>
    public OutputBuffer Output { get; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Makes the folder a server gets. It is made first, because configuration files go there.</summary>
    public static string CreateDataFolder() => Directory.CreateTempSubdirectory("oteltelemetry-test-").FullName;

    /// <summary>Starts a program. Variables of telemetry and hosting in the tests' own environment do not reach it.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="dataFolder">Where it runs.</param>
    /// <param name="environment">Variables it gets besides.</param>
    /// <param name="output">What keeps its output; null for the last lines.</param>
    public static ServerProcess Start(
        string program, IEnumerable<string> arguments, string dataFolder, IReadOnlyDictionary<string, string>? environment = null, OutputBuffer? output = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = dataFolder,
        };
        string[] foreign = ["OTEL_", "Telemetry__", "Traffic__", "ASPNETCORE_", "DOTNET_ENVIRONMENT"];
        foreach (var name in start.Environment.Keys.Where(name => foreign.Any(name.StartsWith)).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;

        var process = new Process { StartInfo = start };
        var server = new ServerProcess(process, dataFolder, output ?? new OutputBuffer());
        process.OutputDataReceived += (_, line) => server.Output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => server.Output.Add(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Waits until the program serves. When it ends instead, or does not in time, the message holds its output.</summary>
    public async Task WaitUntilReady(Func<Task<bool>> isReady)
    {
        try
        {
            await Eventually.True($"{_process.StartInfo.FileName} ready", async () => HasExited || await isReady(), TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{Output}");
        }

        if (HasExited) throw new InvalidOperationException($"{_process.StartInfo.FileName} ended with code {ExitCode}:\n{Output}");
    }

    /// <summary>Waits until the program ends by itself, its last output included.</summary>
    public async Task<int> WaitForExit(TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} still runs after {within.TotalSeconds:0} s:\n{Output}");
        }

        return ExitCode;
    }

    /// <summary>Asks the program to end (SIGTERM) and returns how long it took.</summary>
    public async Task<TimeSpan> Stop()
    {
        var started = Stopwatch.GetTimestamp();
        if (!HasExited)
        {
            _ = Signal(_process.Id, Terminate);
            await WaitForExit(s_timeToStop);
        }

        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Ends the program at once, as a crash does (SIGKILL).</summary>
    public async Task Kill()
    {
        _process.Kill();
        await WaitForExit(s_timeToStop);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Stop();
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        Directory.Delete(DataFolder, recursive: true);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
