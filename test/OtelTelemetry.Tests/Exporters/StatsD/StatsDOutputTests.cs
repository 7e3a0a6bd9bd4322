using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.StatsD;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Support;
using static OtelTelemetry.Tests.Support.SomeFamilies;

namespace OtelTelemetry.Tests.Exporters.StatsD;

public class StatsDOutputTests
{
    private FakeClock _clock = null!;
    private RecordingTransport _server = null!;

    [SetUp]
    public void CreateServer() => (_clock, _server) = (new FakeClock(), new RecordingTransport());

    [Test]
    public async Task Etsy_gets_labels_in_names_and_quantiles_as_gauges()
    {
        await using var exporter = Create(new() { Prefix = "shop." });
        await exporter.ExportAsync(OneOfEach);
        Assert.That(_server.TakeText(), Is.EqualTo("""
            shop.requests_total.label.GET:5|c
            shop.requests_total.label._a_b:0|c
            shop.temperature.label.oven:21.5|g
            shop.temperature.label.freezer:0|g
            shop.temperature.label.freezer:-18|g
            shop.open.connections.label.a:3|g
            shop.http.request.duration.count.route.a:4|c
            shop.http.request.duration.sum.route.a:12.5|c
            shop.http.request.duration.p50.route.a:0.1|g
            shop.http.request.duration.p95.route.a:1|g
            shop.http.request.duration.p99.route.a:1|g
            shop.payload.size.count.route.a:6|c
            shop.payload.size.sum.route.a:3.5|c
            shop.payload.size.p50.route.a:1|g
            shop.payload.size.p95.route.a:3.8|g
            shop.payload.size.p99.route.a:3.96|g
            shop.payment_seconds.count.method.card:7|c
            shop.payment_seconds.sum.method.card:2.5|c
            shop.payment_seconds.p50.method.card:0.2|g
            shop.payment_seconds.p99_9.method.card:1.4|g
            """));
    }

    [Test]
    public async Task DogStatsD_gets_labels_and_constant_tags_as_tags()
    {
        await using var exporter = Create(new() { Dialect = StatsDDialect.DogStatsD, Tags = { ["env"] = "test" } });
        await exporter.ExportAsync(OneOfEach);
        Assert.That(_server.TakeText(), Is.EqualTo("""
            requests_total:5|c|#env:test,label:GET
            requests_total:0|c|#env:test,label:/a b
            temperature:21.5|g|#env:test,label:oven
            temperature:-18|g|#env:test,label:freezer
            open.connections:3|g|#env:test,label:a
            http.request.duration.count:4|c|#env:test,route:a
            http.request.duration.sum:12.5|c|#env:test,route:a
            http.request.duration.p50:0.1|g|#env:test,route:a
            http.request.duration.p95:1|g|#env:test,route:a
            http.request.duration.p99:1|g|#env:test,route:a
            payload.size.count:6|c|#env:test,route:a
            payload.size.sum:3.5|c|#env:test,route:a
            payload.size.p50:1|g|#env:test,route:a
            payload.size.p95:3.8|g|#env:test,route:a
            payload.size.p99:3.96|g|#env:test,route:a
            payment_seconds.count:7|c|#env:test,method:card
            payment_seconds.sum:2.5|c|#env:test,method:card
            payment_seconds.p50:0.2|g|#env:test,method:card
            payment_seconds.p99_9:1.4|g|#env:test,method:card
            """));
    }

    [Test]
    public async Task Counters_tell_what_came_on_top_and_nothing_when_nothing_came()
    {
        await using var exporter = Create();
        Assert.That(await Export(exporter, 5), Is.EqualTo("n.label.x:5|c"));
        Assert.That(await Export(exporter, 5), Is.Empty);
        Assert.That(await Export(exporter, 12.5), Is.EqualTo("n.label.x:7.5|c"));
    }

    [Test]
    public async Task A_counter_that_began_anew_counts_from_zero()
    {
        await using var exporter = Create();
        await Export(exporter, 100);
        Assert.That(await Export(exporter, 3), Is.EqualTo("n.label.x:3|c"));
        Assert.That(await Export(exporter, 4), Is.EqualTo("n.label.x:1|c"));
    }

    [Test]
    public async Task What_could_not_be_sent_is_part_of_the_next_export()
    {
        await using var exporter = Create();
        await Export(exporter, 10);
        _server.FailFrom = 0;
        var result = await exporter.ExportAsync([Numbers("n", MetricKind.Counter, "", ("x", 15))]);
        Assert.That((result.Succeeded, result.Items), Is.EqualTo((false, 0L)));
        Assert.That(result.Problem, Does.Contain("recorder").And.Contain("let it take"));
        Assert.That(_server.Resets, Is.EqualTo(1));
        _server.FailFrom = null;
        Assert.That(await Export(exporter, 21), Is.EqualTo("n.label.x:11|c"));
    }

    [Test]
    public async Task A_counter_that_began_anew_while_the_server_was_away_still_counts_from_zero()
    {
        await using var exporter = Create();
        await Export(exporter, 100);
        _server.FailFrom = 0;
        await Export(exporter, 3);
        _server.FailFrom = null;
        Assert.That(await Export(exporter, 120), Is.EqualTo("n.label.x:120|c"));
    }

    [Test]
    public async Task Of_an_export_that_fails_midway_only_the_rest_is_sent_again()
    {
        await using var exporter = Create(new() { MaxPacketSize = 64 });
        var family = Numbers("a_counter_with_a_long_name_that_fills_packets", MetricKind.Counter, "", ("a", 1), ("b", 2), ("c", 3));
        _server.FailFrom = 1;
        Assert.That((await exporter.ExportAsync([family])).Items, Is.EqualTo(1));
        _server.FailFrom = null;
        await exporter.ExportAsync([family]);
        Assert.That(_server.TakeText(), Is.EqualTo("""
            a_counter_with_a_long_name_that_fills_packets.label.a:1|c
            a_counter_with_a_long_name_that_fills_packets.label.b:2|c
            a_counter_with_a_long_name_that_fills_packets.label.c:3|c
            """));
    }

    [Test]
    public async Task Quantiles_are_those_of_what_came_on_top()
    {
        await using var exporter = Create(new() { Quantiles = { } });
        await exporter.ExportAsync([Histogram([10, 0, 0], 1)]);
        _server.TakeText();
        await exporter.ExportAsync([Histogram([10, 4, 0], 3)]);
        Assert.That(_server.TakeText(), Is.EqualTo("""
            h.count.route.a:4|c
            h.sum.route.a:2|c
            h.p50.route.a:1.5|g
            h.p95.route.a:1.95|g
            h.p99.route.a:1.99|g
            """));
        await exporter.ExportAsync([Histogram([10, 4, 0], 3)]);
        Assert.That(_server.TakeText(), Is.Empty);
    }

    [Test]
    public async Task What_is_no_number_is_left_out_and_counted()
    {
        await using var exporter = Create(name: "StatsDNotANumber");
        var result = await exporter.ExportAsync([Numbers("g", MetricKind.Gauge, "", ("nan", double.NaN), ("up", double.PositiveInfinity), ("down", double.NegativeInfinity), ("here", -0.0))]);
        Assert.That(_server.TakeText(), Is.EqualTo("g.label.here:0|g"));
        Assert.That(result.Items, Is.EqualTo(1));
        Assert.That(TelemetryLosses.Counted("metrics", exporter.Name, "not_a_number"), Is.EqualTo(1));
        Assert.That(TelemetryLosses.Counted("metrics", exporter.Name, "infinite"), Is.EqualTo(2));
    }

    [Test]
    public async Task Series_past_the_limit_and_lines_past_any_packet_are_left_out_and_counted()
    {
        await using var exporter = Create(new() { MaxSeries = 2 }, "StatsDLimits");
        await exporter.ExportAsync([Numbers("n", MetricKind.Counter, "", ("a", 1), ("b", 2), ("c", 3)), Numbers("g", MetricKind.Gauge, "", (new string('x', 70_000), 1))]);
        Assert.That(_server.TakeText(), Is.EqualTo("n.label.a:1|c\nn.label.b:2|c"));
        Assert.That(TelemetryLosses.Counted("metrics", exporter.Name, "too_many_series"), Is.EqualTo(1));
        Assert.That(TelemetryLosses.Counted("metrics", exporter.Name, "too_large"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_series_that_is_gone_is_forgotten_and_makes_room()
    {
        await using var exporter = Create(new() { MaxSeries = 1 });
        Assert.That(await Export(exporter, 5), Is.Not.Empty);
        _clock.Advance(TimeSpan.FromMinutes(11));
        await exporter.ExportAsync([Numbers("other", MetricKind.Counter, "", ("x", 1))]);
        Assert.That(_server.TakeText(), Is.Empty);
        await exporter.ExportAsync([Numbers("other", MetricKind.Counter, "", ("x", 1))]);
        Assert.That(_server.TakeText(), Is.EqualTo("other.label.x:1|c"));
    }

    [Test]
    public async Task Series_are_not_forgotten_while_the_server_is_away()
    {
        await using var exporter = Create();
        await Export(exporter, 5);
        _server.FailFrom = 0;
        for (var i = 0; i < 100; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await Export(exporter, 6);
        }

        _server.FailFrom = null;
        Assert.That(await Export(exporter, 7), Is.EqualTo("n.label.x:2|c"));
    }

    [Test]
    public async Task Two_instruments_of_one_name_and_meter_are_told_apart()
    {
        await using var exporter = Create();
        MetricFamily[] Twins(double first, double second) => [Numbers("n", MetricKind.Counter, "", ("x", first)), Numbers("n", MetricKind.Counter, "", ("x", second))];
        await exporter.ExportAsync(Twins(100, 5));
        _server.TakeText();
        await exporter.ExportAsync(Twins(101, 7));
        Assert.That(_server.TakeText(), Is.EqualTo("n.label.x:1|c\nn.label.x:2|c"));
    }

    [Test]
    public async Task Wrong_settings_are_refused_all_at_once()
    {
        var options = new StatsDExporterOptions { Host = "statsd:8125", Port = 0, MaxPacketSize = 10, MaxSeries = 0, Quantiles = { 1.5 } };
        Assert.That(() => options.Create(new ExporterContext("StatsD")), Throws.ArgumentException.With.Message.EqualTo(string.Join(
            Environment.NewLine,
            "StatsDExporterOptions.Host: 'statsd:8125' is not a host. Allowed: a host name or an address; the port is a setting of its own.",
            "StatsDExporterOptions.Port: 0 is not a port. Allowed: 1 to 65535.",
            "StatsDExporterOptions.MaxPacketSize: 10 is not a size for packets. Allowed: 64 to 65507.",
            "StatsDExporterOptions.Quantiles: 1.5 is no quantile. Allowed: numbers above 0 and below 1, such as 0.5, 0.99.",
            "StatsDExporterOptions.MaxSeries: 0 is less than 1. Allowed: from 1.") + " (Parameter 'options')"));
        await using var exporter = Create();
        Assert.That(() => new StatsDExporterOptions { Protocol = StatsDProtocol.Unix }.Create(new ExporterContext("StatsD")), Throws.ArgumentException.With.Message.Contains("SocketPath: it is missing"));
    }

    internal static IReadOnlyList<MetricFamily> OneOfEach =>
    [
        Numbers("requests_total", MetricKind.Counter, "", ("GET", 5), ("/a b", 0)),
        Numbers("temperature", MetricKind.Gauge, "Cel", ("oven", 21.5), ("freezer", -18)),
        Numbers("open.connections", MetricKind.UpDownCounter, "{connection}", ("a", 3)),
        new MetricFamily(
            new MetricDescriptor("http.request.duration", MetricKind.Histogram, "s", "", Scope),
            [new MetricSample(Label("route", "a"), new HistogramSample([0.1, 1], [2, 1, 1], 12.5))]),
        new MetricFamily(
            new MetricDescriptor("payload.size", MetricKind.ExponentialHistogram, "By", "", Scope),
            [new MetricSample(Label("route", "a"), new ExponentialHistogramSample(0, 1, -1, [2, 0, 3], 6, 3.5))]),
        new MetricFamily(
            new MetricDescriptor("payment_seconds", MetricKind.Summary, "s", "", Scope),
            [new MetricSample(Label("method", "card"), new SummarySample([0.5, 0.9, 0.999], [0.2, double.NaN, 1.4], 7, 2.5))]),
    ];

    private static MetricFamily Histogram(long[] buckets, double sum) => new(
        new MetricDescriptor("h", MetricKind.Histogram, "s", "", Scope), [new MetricSample(Label("route", "a"), new HistogramSample([1, 2], buckets, sum))]);

    private StatsDExporter Create(StatsDExporterOptions? options = null, string name = "StatsD") =>
        new(options ?? new(), new ExporterContext(name) { TimeProvider = _clock }, _ => _server);

    private async Task<string> Export(StatsDExporter exporter, double value)
    {
        await exporter.ExportAsync([Numbers("n", MetricKind.Counter, "", ("x", value))]);
        return _server.TakeText();
    }
}
