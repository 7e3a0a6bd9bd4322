using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>A real VictoriaMetrics that scrapes one target every second. It asks for the plain text format.</summary>
internal sealed class VictoriaMetricsServer : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly PrometheusQueries _queries;

    private readonly Uri _address;

    private VictoriaMetricsServer(ServerProcess process, Uri address)
    {
        _address = address;
        _process = process;
        _queries = new PrometheusQueries(address, flushPath: "/internal/force_flush");
    }

    public static async Task<VictoriaMetricsServer> Start(Uri target, string path = "/metrics")
    {
        var folder = ServerProcess.CreateDataFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "scrape.yml"), ScrapeConfiguration.For(target, path));
        return await Start(folder, "-promscrape.config=scrape.yml");
    }

    /// <summary>Starts one that scrapes nothing; it takes what is pushed.</summary>
    public static Task<VictoriaMetricsServer> StartReceiver() => Start(ServerProcess.CreateDataFolder());

    /// <summary>Where it takes remote write.</summary>
    public Uri RemoteWriteAddress => new(_address, "/api/v1/write");

    /// <summary>Where it takes what is meant for Datadog.</summary>
    public Uri DatadogAddress => new(_address, "/datadog");

    private static async Task<VictoriaMetricsServer> Start(string folder, params string[] arguments)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var process = ServerProcess.Start(
            "victoria-metrics",
            [
                .. arguments,
                "-storageDataPath=data",
                $"-httpListenAddr={address.Authority}",
                "-retentionPeriod=100y",
                "-search.latencyOffset=0s",
            ],
            folder);
        var server = new VictoriaMetricsServer(process, address);
        await process.WaitUntilReady(() => server._queries.Answers("/health"));
        return server;
    }

    /// <summary>Runs an instant query over everything scraped so far.</summary>
    public Task<IReadOnlyList<Sample>> Query(string expression) => _queries.Query(expression);

    /// <summary>Waits until the target was scraped with success.</summary>
    public Task WaitUntilUp() => _queries.WaitUntilUp();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
