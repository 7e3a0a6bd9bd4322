using Microsoft.Data.Sqlite;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>The example pipeline as a user would run it, fast: a process of its own, configured by environment variables, without pauses.</summary>
internal sealed class PipelineProcess : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly string _folder;

    static PipelineProcess() => SQLitePCL.Batteries_V2.Init();

    private PipelineProcess(ServerProcess process, Uri address, Uri service, string folder)
    {
        _process = process;
        Service = service;
        _folder = folder;
        Address = address;
    }

    /// <summary>Where its metrics are, at <c>/metrics</c>.</summary>
    public Uri Address { get; }

    /// <summary>Where the service is that it calls.</summary>
    public Uri Service { get; }

    /// <summary>What it wrote to the console.</summary>
    public OutputBuffer Output => _process.Output;

    public int ExitCode => _process.ExitCode;

    /// <summary>Its metrics as they were when it ended.</summary>
    public string[] LastMetrics => File.ReadAllLines(MetricsFile(_folder));

    /// <summary>The lines customers wrote: those that were processed, and those that wait.</summary>
    public (string[] Processed, string[] Waiting) Lines
    {
        get
        {
            var text = File.ReadAllText(Path.Combine(_folder, "reviews.jsonl")); // ASCII: a byte is a character.
            var position = (int)Read("SELECT position FROM processed");
            return (LinesOf(text[..position]), LinesOf(text[position..]));
        }
    }

    /// <summary>How many reviews were loaded.</summary>
    public long Rows => Read("SELECT count(*) FROM review");

    /// <summary>Starts the pipeline and waits until it works, or has ended already.</summary>
    /// <param name="folder">Where its data are.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="settings">Variables.</param>
    public static async Task<PipelineProcess> Start(string folder, string[] arguments, params (string Name, string Value)[] settings)
    {
        var address = new Uri($"http://localhost:{FreePort.Next()}");
        var service = new Uri($"http://127.0.0.1:{FreePort.Next()}/");
        var environment = new Dictionary<string, string>
        {
            ["Telemetry__Prometheus__Port"] = $"{address.Port}",
            ["Telemetry__Exporters__TextFile__Path"] = MetricsFile(folder),
            ["Pipeline__Folder"] = folder,
            ["Pipeline__Service__Address"] = service.ToString(),
            ["Pipeline__Service__Latency"] = "0:00:00",
            ["Pipeline__Pause"] = "0:00:00",
            ["Pipeline__RetryDelay"] = "0:00:00",
        };
        foreach (var (name, value) in settings) environment[name] = value;
        var process = ServerProcess.Start("dotnet", [Repository.PathToExample("Pipeline"), .. arguments], ServerProcess.CreateDataFolder(), environment);
        var pipeline = new PipelineProcess(process, address, service, folder);
        await Eventually.True("the pipeline at work", () => Task.FromResult(process.HasExited || pipeline.Says("The pipeline is watched at")), TimeSpan.FromSeconds(30));
        return pipeline;
    }

    /// <summary>Waits until it has written something to the console.</summary>
    public Task WaitFor(string text) => _process.WaitUntilReady(() => Task.FromResult(Says(text)));

    /// <summary>Waits until it ends by itself.</summary>
    public Task<int> WaitForExit() => _process.WaitForExit(TimeSpan.FromSeconds(60));

    /// <summary>Asks it to end, as an operator does.</summary>
    public Task Stop() => _process.Stop();

    /// <summary>Ends it at once, as a crash does.</summary>
    public Task Kill() => _process.Kill();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private bool Says(string text) => Output.ToString().Contains(text, StringComparison.Ordinal);

    private static string MetricsFile(string folder) => Path.Combine(folder, "metrics.prom");

    private static string[] LinesOf(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private long Read(string query)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder, "reviews.db"), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return (long)command.ExecuteScalar()!;
    }
}
