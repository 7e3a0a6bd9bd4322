using System.Text.Json.Nodes;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>Whoever imports the shipped dashboards and rules has data in every panel: on a real Prometheus that scrapes the example shop, the example
/// pipeline and a program that makes mistakes.</summary>
[TestFixture]
public sealed class DashboardTests
{
    private static readonly string[] s_ruleFiles = Directory.GetFiles(Repository.PathTo("docs", "content", "rules"), "*.rules.yaml");

    private OtlpReceiver _receiver = null!;
    private StorefrontProcess _shop = null!;
    private PipelineProcess _pipeline = null!;
    private CarelessApplication _careless = null!;
    private PrometheusServer _prometheus = null!;
    private string _folder = null!;

    private static string[] Files => Dashboards.Files;

    private static bool IsExpected(Sample sample) => sample.Labels["alertname"] is "PipelineHighErrorRate" or "TelemetryLost";

    private static IEnumerable<string> Names => Dashboards.Files.Select(file => Path.GetFileName(file));

    private static IEnumerable<PanelQuery> Queries => Dashboards.Queries;

    private static IEnumerable<PanelQuery> PipelineQueries => Queries.Where(query => query.Dashboard == "pipeline");

    private static IEnumerable<DashboardVariable> Variables => Dashboards.Variables;

    [OneTimeSetUp]
    public async Task Start()
    {
        _receiver = await OtlpReceiver.Start();
        _shop = await StorefrontProcess.Start(
            ("Traffic__RequestsPerSecond", "40"),
            ("Telemetry__Otlp__Endpoint", _receiver.HttpEndpoint.ToString()),
            ("Telemetry__Otlp__Protocol", "http/protobuf"),
            ("Telemetry__Events__MaxEvents", "10"),
            ("Telemetry__Monitoring__System__Enabled", "true"),
            ("Telemetry__Monitoring__Interval", "1s"),
            ("Telemetry__Monitoring__Jitter", "0s"));
        _folder = ServerProcess.CreateDataFolder();
        _pipeline = await PipelineProcess.Start(_folder, [], ("Pipeline__Pause", "0:00:00.2"), ("Pipeline__Service__Latency", "0:00:00.005"), ("Pipeline__Service__FailureRatio", "0.4"));
        _careless = await CarelessApplication.Start();
        _prometheus = await PrometheusServer.Start([("shop", _shop.Address), ("pipeline", _pipeline.Address), ("careless", _careless.Address)], s_ruleFiles);
        await Eventually.Get("five scrapes of all", () => _prometheus.Query("sum_over_time(up[1m]) >= 5"), samples => samples.Count == 3, TimeSpan.FromSeconds(40));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await Disposal.Of(_prometheus, _careless, _pipeline, _shop, _receiver);
        Directory.Delete(_folder, recursive: true);
    }

    [TestCaseSource(nameof(Queries))]
    public async Task Every_query_of_every_panel_returns_data(object query)
    {
        var samples = await Eventually.Get(
            query.ToString()!, () => _prometheus.Query(((PanelQuery)query).Expression), samples => samples.Any(sample => double.IsFinite(sample.Value)), TimeSpan.FromSeconds(40));

        Assert.That(samples.Select(sample => sample.Value), Has.Some.GreaterThanOrEqualTo(0));
        TestContext.Out.WriteLine(string.Join('\n', samples));
    }

    [TestCaseSource(nameof(PipelineQueries))]
    public async Task Every_panel_of_a_pipeline_shows_the_example(object query)
    {
        var expression = ((PanelQuery)query).Expression.Replace("job=~\".*\"", "job=\"pipeline\"", StringComparison.Ordinal);
        Assert.That(expression, Does.Contain("job=\"pipeline\""));

        var samples = await Eventually.Get(query.ToString()!, () => _prometheus.Query(expression), samples => samples.Any(sample => double.IsFinite(sample.Value)), TimeSpan.FromSeconds(40));

        Assert.That(samples.Where(sample => sample.Labels.ContainsKey("pipeline_name")).Select(sample => sample.Labels["pipeline_name"]), Is.All.EqualTo("reviews"));
    }

    [TestCaseSource(nameof(Variables))]
    public async Task Every_variable_has_values(object variable)
    {
        var (_, _, selector, label) = (DashboardVariable)variable;

        Assert.That(await Eventually.Get(variable.ToString()!, () => _prometheus.LabelValues(label, selector), values => values.Count > 0), Is.Not.Empty);
    }

    [Test]
    public async Task Every_rule_is_evaluated_without_a_problem()
    {
        var rules = await Eventually.Get("every rule evaluated", _prometheus.Rules, rules => rules.All(rule => (string)rule["health"]! != "unknown"));

        Assert.That(rules, Has.Count.EqualTo(39));
        Assert.That(rules.Where(rule => (string)rule["health"]! != "ok").Select(rule => rule.ToJsonString()), Is.Empty);
        var recorded = await Eventually.Get("the recorded rates of errors", () => _prometheus.Query("job:http_server_errors:ratio_rate5m"), samples => samples is [{ Value: > 0 }]);
        Assert.That(recorded.Single().Value, Is.LessThan(1));
    }

    [Test]
    public async Task What_goes_wrong_all_the_time_is_an_alert_that_waits_for_its_time()
    {
        var pending = await Eventually.Get(
            "alerts", () => _prometheus.Query("ALERTS"), samples => samples.Where(IsExpected).Select(sample => sample.Labels["alertname"]).Distinct().Count() == 2, TimeSpan.FromSeconds(40));

        // Other tests of the process lose telemetry as well.
        Assert.That(pending.Where(IsExpected).Select(sample => sample.Labels["alertstate"]), Is.All.EqualTo("pending"));
    }

    [Test]
    public async Task Every_dashboard_has_the_types_of_Grafana()
    {
        Assert.That(Files, Has.Length.EqualTo(4));
        var (exitCode, output) = await GrafanaSchema.Check(Files);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("4 checked, 0 problems"));
    }

    [TestCase("\"drawStyle\": \"line\"", "\"drawStyle\": \"squiggle\"", "squiggle")]
    [TestCase("\"gridPos\"", "\"gridPosition\"", "gridPosition")]
    [TestCase("\"schemaVersion\": 39,", "", "schemaVersion")]
    public async Task A_dashboard_with_other_types_is_told(string part, string other, string problem)
    {
        var file = Path.Combine(Path.GetTempPath(), $"oteltelemetry-{Guid.NewGuid():N}.json");
        try
        {
            await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(Files[0])).Replace(part, other, StringComparison.Ordinal));
            var (exitCode, output) = await GrafanaSchema.Check(file);

            Assert.That(exitCode, Is.EqualTo(1), output);
            Assert.That(output, Does.Match($"{Path.GetFileName(file)}:[0-9]+: .*{problem}"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void The_eleven_panels_of_a_pipeline_are_there()
    {
        var file = Files.Single(file => Path.GetFileName(file) == "pipeline.json");

        Assert.That(Dashboards.Panels(Dashboards.Read(file)).Select(panel => (string)panel["title"]!), Is.EqualTo(new[]
        {
            "Pipeline execution rate", "Success rate", "Active pipelines", "Duration (P95)", "Step duration by name", "Error rate by type",
            "API calls per pipeline", "Cost per hour", "Throughput (items/sec)", "Memory usage", "CPU usage",
        }));
    }

    [TestCaseSource(nameof(Names))]
    public void Every_dashboard_asks_for_its_data_source_and_has_names_of_its_own(string name)
    {
        var dashboard = Dashboards.Read(Files.Single(file => Path.GetFileName(file) == name));
        var panels = dashboard["panels"]!.AsArray().Select(panel => panel!).ToArray();

        Assert.That((string)dashboard["templating"]!["list"]![0]!["type"]!, Is.EqualTo("datasource"));
        Assert.That(panels.Select(panel => (int)panel["id"]!), Is.Unique);
        Assert.That(Dashboards.Panels(dashboard).Select(panel => (string)panel["title"]!), Is.Unique);
        Assert.That(Files.Select(each => (string)Dashboards.Read(each)["uid"]!), Is.Unique);
        Assert.That(panels.SelectMany(Cells), Is.Unique, "Panels lie upon each other.");
    }

    private static IEnumerable<(int X, int Y)> Cells(JsonNode panel)
    {
        var place = panel["gridPos"]!;
        return
            from x in Enumerable.Range((int)place["x"]!, (int)place["w"]!)
            from y in Enumerable.Range((int)place["y"]!, (int)place["h"]!)
            select (x, y);
    }
}
