using System.Diagnostics;
using System.Globalization;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.RemoteWrite;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Integration.Tests;

/// <summary>Real receivers take remote write, and answer queries with exactly the recorded values.</summary>
[TestFixture]
public sealed class RemoteWriteTests
{
    private static readonly MetricScope s_scope = new("integration");
    private PrometheusServer _prometheus = null!;
    private VictoriaMetricsServer _victoria = null!;

    [OneTimeSetUp]
    public async Task StartServers()
    {
        _prometheus = await PrometheusServer.StartReceiver();
        _victoria = await VictoriaMetricsServer.StartReceiver();
    }

    [OneTimeTearDown]
    public Task StopServers() => Disposal.Of(_victoria, _prometheus);

    [TestCase(true)]
    [TestCase(false)]
    public async Task Counters_gauges_histograms_and_summaries_are_found_as_they_were_sent(bool prometheus)
    {
        await using var exporter = Create(prometheus ? _prometheus.RemoteWriteAddress : _victoria.RemoteWriteAddress, "kinds");
        var result = await exporter.ExportAsync(
        [
            Numbers("orders", MetricKind.Counter, ("book", 4095.5), ("a \"quoted\"\n\ud83d\ude00", 1)),
            Numbers("depth", MetricKind.Gauge, ("in", -12.25), ("out", 1e300)),
            new MetricFamily(new MetricDescriptor("duration", MetricKind.Histogram, "s", "", s_scope), [new MetricSample(Label("route", "/"), new HistogramSample([0.25, 1, 10], [3, 2, 0, 1], 21.125))]),
            new MetricFamily(new MetricDescriptor("payment", MetricKind.Summary, "s", "", s_scope), [new MetricSample(Label("route", "/"), new SummarySample([0.5, 0.99], [0.125, 2.5], 8, 5.75))]),
        ]);
        Assert.That(result.Succeeded, Is.True, result.Problem);

        Func<string, Task<IReadOnlyList<Sample>>> query = prometheus ? _prometheus.Query : _victoria.Query;
        var samples = await Eventually.Get("all series", () => query("{job=\"kinds\"}"), found => found.Count == 14);
        Assert.That(samples.Select(Line), Is.EquivalentTo(new[]
        {
            "orders_total{instance=i1,label=book} 4095.5",
            "orders_total{instance=i1,label=a \"quoted\"\n\ud83d\ude00} 1",
            "depth{instance=i1,label=in} -12.25",
            "depth{instance=i1,label=out} 1E+300",
            "duration_seconds_bucket{instance=i1,le=0.25,route=/} 3",
            "duration_seconds_bucket{instance=i1,le=1,route=/} 5",
            "duration_seconds_bucket{instance=i1,le=10,route=/} 5",
            "duration_seconds_bucket{instance=i1,le=+Inf,route=/} 6",
            "duration_seconds_sum{instance=i1,route=/} 21.125",
            "duration_seconds_count{instance=i1,route=/} 6",
            "payment_seconds{instance=i1,quantile=0.5,route=/} 0.125",
            "payment_seconds{instance=i1,quantile=0.99,route=/} 2.5",
            "payment_seconds_sum{instance=i1,route=/} 5.75",
            "payment_seconds_count{instance=i1,route=/} 8",
        }));
    }

    [TestCase(1)]
    [TestCase(8)]
    [TestCase(12)]
    public async Task A_native_histogram_has_every_observation_in_its_bucket(int scale)
    {
        // Each bucket of the histogram as it is sent, and what of it Prometheus finds between the bucket's bounds.
        long[] counts = [5, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 7, 0, 3, 1, 1];
        var total = counts.Sum() + 4;
        await using var exporter = Create(_prometheus.RemoteWriteAddress, $"native{scale}");
        var result = await exporter.ExportAsync([Exponential("size", new ExponentialHistogramSample(scale, 4, -6, counts, total, 99.5))]);
        Assert.That(result.Succeeded, Is.True, result.Problem);

        var selector = $"size_bytes{{job=\"native{scale}\"}}";
        Assert.That(await Value($"histogram_count({selector})"), Is.EqualTo(total));
        Assert.That(await Value($"histogram_sum({selector})"), Is.EqualTo(99.5));
        var schema = Math.Min(scale, 8);
        var merged = counts.Select((count, i) => (Index: (i - 6) >> (scale - schema), count)).GroupBy(pair => pair.Index).ToDictionary(group => group.Key, group => group.Sum(pair => pair.count));
        foreach (var (index, count) in merged)
        {
            var (lower, upper) = (Bound(index, schema), Bound(index + 1, schema));
            Assert.That(await Value($"histogram_fraction({lower}, {upper}, {selector}) * {total}"), Is.EqualTo((double)count).Within(1e-6), $"bucket {index}");
        }
    }

    [Test]
    public async Task Native_histograms_grow_from_export_to_export()
    {
        await using var exporter = Create(_prometheus.RemoteWriteAddress, "growing");
        for (var i = 1; i <= 5; i++)
        {
            var result = await exporter.ExportAsync([Exponential("size", new ExponentialHistogramSample(3, i, -2 * i, Enumerable.Repeat((long)i, 4 * i), i + (4 * i * i), 10 * i))]);
            Assert.That(result.Succeeded, Is.True, result.Problem);
        }

        // Several in one millisecond are some milliseconds ahead of the clock.
        await Eventually.Get("the last export", () => Value("histogram_count(size_bytes{job=\"growing\"})"), count => count == 105);
        Assert.That(await Value("histogram_sum(size_bytes{job=\"growing\"})"), Is.EqualTo(50));
    }

    [Test]
    public async Task VictoriaMetrics_gets_exponential_histograms_as_classic_ones()
    {
        await using var exporter = Create(_victoria.RemoteWriteAddress, "classic", options => options.NativeHistograms = false);
        await exporter.ExportAsync([Exponential("size", new ExponentialHistogramSample(1, 1, 0, [2, 3, 4], 10, 12))]);
        var buckets = await Eventually.Get("the buckets", () => _victoria.Query("size_bytes_bucket{job=\"classic\"}"), samples => samples.Count == 4);
        Assert.That(buckets.ToDictionary(sample => sample.Labels["le"], sample => sample.Value), Is.EquivalentTo(new Dictionary<string, double> { ["1"] = 1, ["2"] = 6, ["4"] = 10, ["+Inf"] = 10 }));
    }

    [Test]
    public async Task Exemplars_are_found_with_their_trace()
    {
        var trace = ActivityTraceId.CreateRandom();
        var span = ActivitySpanId.CreateRandom();
        var exemplar = new MetricExemplar(0.75, DateTimeOffset.UtcNow, trace, span);
        await using var exporter = Create(_prometheus.RemoteWriteAddress, "exemplars");
        MetricFamily[] families =
        [
            new MetricFamily(new MetricDescriptor("a", MetricKind.Counter, "", "", s_scope), [new MetricSample([], 3, exemplar)]),
            new MetricFamily(new MetricDescriptor("b", MetricKind.Histogram, "", "", s_scope), [new MetricSample([], new HistogramSample([0.5, 1], [0, 1, 0], 0.75, [null, exemplar, null]))]),
            new MetricFamily(new MetricDescriptor("c", MetricKind.ExponentialHistogram, "", "", s_scope), [new MetricSample([], new ExponentialHistogramSample(0, 0, -1, [1], 1, 0.75, [exemplar]))]),
        ];

        // Prometheus 2.42 takes exemplars of a request before its native histograms: one of a series it does not know yet is lost, and comes again.
        await exporter.ExportAsync(families);
        await exporter.ExportAsync(families);
        var found = await Eventually.Get("exemplars", () => _prometheus.Exemplars("{job=\"exemplars\"}"), exemplars => exemplars.Count == 3);
        Assert.That(found.Select(one => (one.Series, one.Value, one.Labels["trace_id"], one.Labels["span_id"])), Is.EquivalentTo(
            new[] { "a_total", "b_bucket", "c" }.Select(series => (series, 0.75, trace.ToHexString(), span.ToHexString()))));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_series_that_is_gone_ends_at_once_and_all_do_when_the_exporter_ends(bool prometheus)
    {
        var exporter = Create(prometheus ? _prometheus.RemoteWriteAddress : _victoria.RemoteWriteAddress, "ending");
        Func<string, Task<IReadOnlyList<Sample>>> query = prometheus ? _prometheus.Query : _victoria.Query;
        var native = Exponential("size", new ExponentialHistogramSample(0, 0, 0, [1], 1, 1.5));
        await exporter.ExportAsync([Numbers("jobs", MetricKind.Counter, ("a", 1), ("b", 2)), native]);
        await Eventually.Get("both series", () => query("jobs_total{job=\"ending\"}"), samples => samples.Count == 2);
        await exporter.ExportAsync([Numbers("jobs", MetricKind.Counter, ("b", 3)), native]);
        var left = await Eventually.Get("one series", () => query("jobs_total{job=\"ending\"}"), samples => samples.Count == 1);
        Assert.That((left[0].Labels["label"], left[0].Value), Is.EqualTo(("b", 3.0)));
        if (prometheus) Assert.That(await query("histogram_count(size_bytes{job=\"ending\"})"), Has.Count.EqualTo(1));
        await exporter.DisposeAsync();
        await Eventually.Get("no series", () => query("{job=\"ending\"}"), samples => samples.Count == 0);
    }

    [Test]
    public async Task What_Prometheus_refuses_is_told_in_its_words()
    {
        await using var first = Create(_prometheus.RemoteWriteAddress, "refused");
        await using var second = Create(_prometheus.RemoteWriteAddress, "refused", clock: new ClockBehind(TimeSpan.FromMinutes(1)), configure: options => options.StaleMarkers = false);
        await first.ExportAsync([Numbers("jobs", MetricKind.Counter, ("a", 1))]);
        var result = await second.ExportAsync([Numbers("jobs", MetricKind.Counter, ("a", 2))]);
        Assert.That(result.Problem, Does.Contain("refused the metrics (status 400: out of order sample)"));
    }

    [Test]
    public async Task A_receiver_that_is_switched_off_is_told_with_the_remedy()
    {
        await using var exporter = Create(new Uri(_prometheus.RemoteWriteAddress, "/api/v1/wrote"), "wrong");
        var result = await exporter.ExportAsync([Numbers("jobs", MetricKind.Counter, ("a", 1))]);
        Assert.That(result.Problem, Does.Contain("(status 404").And.Contain("--web.enable-remote-write-receiver"));
    }

    [Test]
    public async Task A_program_sends_what_it_records_with_exemplars_and_ends_its_series()
    {
        using var source = new ActivitySource("remote-write-program");
        var trace = "";
        await using (var telemetry = await TelemetryManager.StartAsync(options =>
        {
            options.ServiceName = "remote-write-program";
            options.ServiceInstanceId = "one";
            options.Prometheus.Enabled = false;
            options.Exporters["Remote"] = new RemoteWriteExporterOptions { Endpoint = _prometheus.RemoteWriteAddress, Interval = TimeSpan.FromHours(1), Include = { "program_*" } };
        }))
        {
            var orders = telemetry.Metrics.CreateCounter("program_orders_total", "Orders.", "product");
            using (var activity = source.StartActivity("order"))
            {
                Assert.That(activity, Is.Not.Null);
                trace = activity!.TraceId.ToHexString();
                orders.Inc(41, "book");
            }

            orders.Inc("book");
            Assert.That(await telemetry.FlushAsync(), Is.True);
            var samples = await Eventually.Get("the counter", () => _prometheus.Query("program_orders_total"), found => found.Count == 1);
            Assert.That(samples[0].ToString(), Is.EqualTo("{__name__=program_orders_total,instance=one,job=remote-write-program,product=book} 42"));
            var exemplars = await Eventually.Get("the exemplar", () => _prometheus.Exemplars("program_orders_total"), found => found.Count == 1);
            Assert.That(exemplars[0].Labels["trace_id"], Is.EqualTo(trace));
        }

        await Eventually.Get("the end of the series", () => _prometheus.Query("program_orders_total"), found => found.Count == 0);
    }

    private static RemoteWriteExporter Create(Uri endpoint, string job, Action<RemoteWriteExporterOptions>? configure = null, TimeProvider? clock = null)
    {
        var options = new RemoteWriteExporterOptions { Endpoint = endpoint };
        configure?.Invoke(options);
        return new RemoteWriteExporter(options, new ExporterContext("RemoteWrite")
        {
            TimeProvider = clock ?? TimeProvider.System,
            Resource = new Dictionary<string, object> { ["service.name"] = job, ["service.instance.id"] = "i1" },
        });
    }

    private async Task<double> Value(string expression) =>
        (await Eventually.Get(expression, () => _prometheus.Query(expression), samples => samples.Count == 1))[0].Value;

    private static string Bound(int index, int schema) => Math.Pow(2, index * Math.Pow(2, -schema)).ToString("R", CultureInfo.InvariantCulture);

    private static MetricFamily Numbers(string name, MetricKind kind, params (string Label, double Value)[] samples) => new(
        new MetricDescriptor(name, kind, "", "Help.", s_scope), [.. samples.Select(sample => new MetricSample(Label("label", sample.Label), sample.Value))]);

    private static MetricFamily Exponential(string name, ExponentialHistogramSample sample) => new(
        new MetricDescriptor(name, MetricKind.ExponentialHistogram, "By", "", s_scope), [new MetricSample([], sample)]);

    private static KeyValuePair<string, string>[] Label(string name, string value) => [new(name, value)];

    private static string Line(Sample sample)
    {
        var labels = sample.Labels.Where(label => label.Key is not ("__name__" or "job")).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}");
        return $"{sample.Labels["__name__"]}{{{string.Join(",", labels)}}} {sample.Value.ToString("R", CultureInfo.InvariantCulture)}";
    }

    private sealed class ClockBehind(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - by;
    }
}
