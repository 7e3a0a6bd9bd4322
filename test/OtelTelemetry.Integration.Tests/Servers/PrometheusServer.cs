using System.Text.Json;
using System.Text.Json.Nodes;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>A real Prometheus that scrapes one target every second and keeps exemplars.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly PrometheusQueries _queries;
    private readonly Uri _address;

    private PrometheusServer(ServerProcess process, Uri address)
    {
        _address = address;
        _process = process;
        _queries = new PrometheusQueries(address);
    }

    /// <param name="target">What it scrapes.</param>
    /// <param name="path">The path of the metrics.</param>
    public static Task<PrometheusServer> Start(Uri target, string path = "/metrics") => Start(ScrapeConfiguration.For(target, path));

    /// <summary>Starts one that scrapes several jobs and evaluates rules.</summary>
    /// <param name="targets">What it scrapes, at <c>/metrics</c>.</param>
    /// <param name="ruleFiles">Full paths of rule files.</param>
    public static Task<PrometheusServer> Start(IEnumerable<(string Job, Uri Target)> targets, IEnumerable<string> ruleFiles) =>
        Start(ScrapeConfiguration.For(targets, ruleFiles));

    private static async Task<PrometheusServer> Start(string configuration)
    {
        var folder = ServerProcess.CreateDataFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), configuration);
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var process = ServerProcess.Start(
            "prometheus",
            [
                "--config.file=prometheus.yml",
                "--storage.tsdb.path=data",
                $"--web.listen-address={address.Authority}",
                "--enable-feature=exemplar-storage",
            ],
            folder);
        var server = new PrometheusServer(process, address);
        await process.WaitUntilReady(() => server._queries.Answers("/-/ready"));
        return server;
    }

    /// <summary>Starts one that scrapes nothing and takes remote write, native histograms and exemplars too.</summary>
    /// <param name="like">One that is gone, in whose place it comes; null for a free port.</param>
    /// <param name="data">Where it keeps what it got; null for a folder that ends with it.</param>
    public static async Task<PrometheusServer> StartReceiver(PrometheusServer? like = null, string data = "data")
    {
        var folder = ServerProcess.CreateDataFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), "global: {}\n");
        var address = like?._address ?? new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var process = ServerProcess.Start(
            "prometheus",
            [
                "--config.file=prometheus.yml",
                $"--storage.tsdb.path={data}",
                $"--web.listen-address={address.Authority}",
                "--web.enable-remote-write-receiver",
                "--enable-feature=exemplar-storage,native-histograms",
            ],
            folder);
        var server = new PrometheusServer(process, address);
        await process.WaitUntilReady(() => server._queries.Answers("/-/ready"));
        return server;
    }

    /// <summary>Where it takes remote write.</summary>
    public Uri RemoteWriteAddress => new(_address, "/api/v1/write");

    /// <summary>Runs an instant query.</summary>
    public Task<IReadOnlyList<Sample>> Query(string expression) => _queries.Query(expression);

    /// <summary>Every sample of the last hour of each series, as it is stored.</summary>
    public Task<IReadOnlyList<StoredSeries>> Stored(string selector) => _queries.Stored(selector);

    /// <summary>Ends it at once, as a crash does.</summary>
    public Task Kill() => _process.Kill();

    /// <summary>Waits until the target was scraped with success.</summary>
    public Task WaitUntilUp() => _queries.WaitUntilUp();

    /// <summary>The exemplars of the last minutes.</summary>
    public async Task<IReadOnlyList<ExemplarFound>> Exemplars(string selector)
    {
        var now = DateTimeOffset.UtcNow;
        var answer = await _queries.Get("/api/v1/query_exemplars", ("query", selector),
            ("start", now.AddMinutes(-10).ToString("O")), ("end", now.AddMinutes(1).ToString("O")));
        return
        [
            .. from series in answer["data"]!.AsArray()
               from exemplar in series!["exemplars"]!.AsArray()
               select new ExemplarFound(
                   series["seriesLabels"]!["__name__"]!.GetValue<string>(),
                   exemplar!["labels"].Deserialize<Dictionary<string, string>>()!,
                   double.Parse(exemplar["value"]!.GetValue<string>())),
        ];
    }

    /// <summary>What the target said about a metric when it was scraped: its type and unit.</summary>
    public async Task<JsonArray> TargetMetadata(string metric) =>
        (await _queries.Get("/api/v1/targets/metadata", ("metric", metric)))["data"]!.AsArray();

    /// <summary>The values of a label in the series of a selector.</summary>
    public async Task<IReadOnlyList<string>> LabelValues(string label, string selector) =>
        [.. (await _queries.Get($"/api/v1/label/{label}/values", ("match[]", selector)))["data"]!.AsArray().Select(value => value!.GetValue<string>())];

    /// <summary>Every rule, as it was evaluated last.</summary>
    public async Task<IReadOnlyList<JsonNode>> Rules() =>
        [.. (await _queries.Get("/api/v1/rules"))["data"]!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!)];

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}

/// <summary>An exemplar as Prometheus stored it.</summary>
internal sealed record ExemplarFound(string Series, IReadOnlyDictionary<string, string> Labels, double Value);
