using System.Text.Json.Nodes;
using OtelTelemetry.Delivery;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.CloudWatch;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Integration.Tests;

/// <summary>AWS's own library takes what is signed and sent, and has exactly the values that were recorded.</summary>
public class CloudWatchTests
{
    [TestCase(true, null)]
    [TestCase(false, null)]
    [TestCase(true, "a session token/+=")]
    public async Task Signature_and_parameters_are_accepted_and_values_are_right(bool compress, string? token)
    {
        await using var server = await CloudWatchServer.Start();
        await using var exporter = Create(server, CloudWatchServer.SecretAccessKey, options =>
        {
            options.Compress = compress;
            options.SessionToken = token;
            options.Dimensions["env"] = "test";
        });
        var metrics = new MetricsCollector($"cw_{compress}_{token?.Length}");
        var orders = metrics.CreateCounter("orders_total", "Orders.", "customer");
        var level = metrics.CreateGauge("level", "A level.");
        var time = metrics.CreateHistogram(new HistogramOptions("work_seconds") { Buckets = [0.5, 1, 2], Unit = "s" });
        metrics.CreateSummary("payment_seconds", "Payments.").Observe(0.25);
        for (var export = 1; export <= 5; export++)
        {
            orders.With("\u00fcber & \"b\"=c").Inc(export);
            level.Set(1e20);
            for (var i = 0; i < 100; i++) time.Observe(0.75);
            var result = await exporter.ExportAsync(metrics.CollectAll());
            Assert.That(result.Succeeded, Is.True, result.Problem);
        }

        await Eventually.True("the server told of every request", () => Task.FromResult(server.Requests.Count == 5));
        Assert.That(server.Requests.Select(request => (bool)request["compressed"]!), Has.All.EqualTo(compress));
        Assert.That(server.Requests.Select(request => (string?)request["parameters"]!["Namespace"]), Has.All.EqualTo("My Shop"));
        Assert.That(Named("orders_total").Sum(metric => (double)metric["Value"]!), Is.EqualTo(15));
        Assert.That(Named("orders_total")[0]["Dimensions"]!.ToJsonString(), Is.EqualTo(
            JsonNode.Parse("""[{"Name":"customer","Value":"_ber & \"b\"=c"},{"Name":"env","Value":"test"}]""")!.ToJsonString()));
        Assert.That((double)Named("level")[^1]["Value"]!, Is.EqualTo(1e20));
        var sets = Named("work_seconds").Select(metric => metric["StatisticValues"]!).ToArray();
        Assert.That(sets.Sum(set => (double)set["SampleCount"]!), Is.EqualTo(500));
        Assert.That(sets.Sum(set => (double)set["Sum"]!), Is.EqualTo(375));
        Assert.That(sets.Select(set => ((double)set["Minimum"]!, (double)set["Maximum"]!)), Has.All.EqualTo((0.5, 1.0)));
        Assert.That(Named("work_seconds").Select(metric => (string?)metric["Unit"]), Has.All.EqualTo("Seconds"));
        Assert.That(Named("payment_seconds.count").Single()["Value"]!.GetValue<double>(), Is.EqualTo(1));

        JsonNode[] Named(string name) => [.. server.Metrics.Where(metric => ((string)metric["MetricName"]!).EndsWith($"_{name}", StringComparison.Ordinal))];
    }

    [Test]
    public async Task Many_metrics_and_values_with_counts_are_accepted()
    {
        await using var server = await CloudWatchServer.Start();
        await using var exporter = Create(server, CloudWatchServer.SecretAccessKey, options => options.Histograms = CloudWatchHistograms.ValuesAndCounts);
        var metrics = new MetricsCollector(new MetricsCollectorOptions { Namespace = "cw_many", MaxSeriesPerMetric = 5000 });
        var orders = metrics.CreateCounter("orders_total", "Orders.", "customer");
        for (var i = 0; i < 2500; i++) orders.With($"{i}").Inc(i);
        var time = metrics.CreateHistogram(new HistogramOptions("work_seconds") { Buckets = [.. Enumerable.Range(1, 400).Select(i => (double)i)] });
        for (var i = 0; i < 400; i++) time.Observe(i + 0.5);
        var result = await exporter.ExportAsync(metrics.CollectAll());
        Assert.That(result.Succeeded, Is.True, result.Problem);

        await Eventually.True("the server told of every request", () => Task.FromResult(server.Requests.Count == 3));
        Assert.That(server.Requests.Select(request => request["parameters"]!["MetricData"]!.AsArray().Count), Has.All.LessThanOrEqualTo(1000));
        Assert.That(server.Metrics.Where(metric => metric["Value"] is not null).Sum(metric => (double)metric["Value"]!), Is.EqualTo(2499.0 * 2500 / 2));
        Assert.That(
            server.Metrics.Where(metric => metric["Values"] is not null).SelectMany(metric => metric["Values"]!.AsArray().Select(value => (double)value!)),
            Is.EqualTo(Enumerable.Range(0, 400).Select(i => i + 0.5)));
    }

    [TestCase(null)]
    [TestCase("a session token/+=")]
    public async Task What_the_delivery_signs_anew_is_accepted(string? token)
    {
        await using var server = await CloudWatchServer.Start();
        await using var delivery = new DeliveryMonitor();
        await using var exporter = Create(server, CloudWatchServer.SecretAccessKey, options => options.SessionToken = token, () => delivery.CreateHttpClient("cw_delivered"));
        var metrics = new MetricsCollector($"cw_delivered_{token?.Length}");
        var orders = metrics.CreateCounter("orders_total", "Orders.");
        for (var export = 1; export <= 3; export++)
        {
            orders.Inc(export);
            Assert.That((await exporter.ExportAsync(metrics.CollectAll())).Succeeded, Is.True);
        }

        await Eventually.True("all is delivered", () => Task.FromResult(delivery.GetReport().Destinations.Single().Delivered == 3));
        await Eventually.True("the server told of every request", () => Task.FromResult(server.Requests.Count >= 3));
        Assert.That(server.Requests.Select(request => (int)request["status"]!), Has.All.EqualTo(200));
        Assert.That(server.Metrics.Select(metric => (double)metric["Value"]!).Distinct(), Is.EqualTo(new[] { 1d, 2d, 3d }), "One may come twice, none may be missing.");
        var report = delivery.GetReport().Destinations.Single();
        Assert.That((report.Delivered, report.Dropped.Count), Is.EqualTo((3L, 0)), report.ToString());
    }

    [Test]
    public async Task A_wrong_key_is_refused_and_the_result_names_the_remedy_but_no_secret()
    {
        await using var server = await CloudWatchServer.Start();
        await using var exporter = Create(server, "WRONGKEY", options => options.SessionToken = "WRONGTOKEN");
        var metrics = new MetricsCollector("cw_wrong");
        metrics.CreateCounter("orders_total", "Orders.").Inc(1);
        var result = await exporter.ExportAsync(metrics.CollectAll());
        Assert.That(result.Problem, Does.Contain("status 403").And.Contain("SignatureDoesNotMatch").And.Contain("give other credentials").And.Contain("clock"));
        Assert.That($"{result}", Does.Not.Contain("WRONG"));
        await Eventually.True("the server told of the request", () => Task.FromResult(server.Requests is [{ } only] && (int)only["status"]! == 403));
    }

    private static MetricsExporter Create(CloudWatchServer server, string key, Action<CloudWatchExporterOptions> configure, Func<HttpClient>? createClient = null)
    {
        var options = new CloudWatchExporterOptions
        {
            Endpoint = server.Address, Region = "eu-central-1", AccessKeyId = CloudWatchServer.AccessKeyId, SecretAccessKey = key, Namespace = "My Shop",
        };
        configure(options);
        return options.Create(createClient is null ? new ExporterContext("CloudWatch") : new ExporterContext("CloudWatch") { CreateHttpClient = createClient });
    }
}
