using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.Prometheus;

/// <summary>What happens when names, labels or scopes meet.</summary>
[TestFixture]
public sealed class PrometheusCollisionTests
{
    private static readonly MetricScope Other = new("other", "2.0") { Attributes = [new("tier", "db")] };

    [Test]
    public void A_family_of_several_meters_is_one_block_whose_series_name_their_scope() => Assert.That(
        Some.Write(Some.Text, Some.Number(MetricKind.Counter, "hits", 1), Some.Number(MetricKind.Counter, "hits", 2, "a", "b").In(Other)),
        Is.EqualTo(
            """
            # TYPE hits_total counter
            hits_total{a="b",otel_scope_name="other",otel_scope_version="2.0",otel_scope_tier="db"} 2
            hits_total{otel_scope_name="shop"} 1

            """));

    [Test]
    public void Histograms_and_summaries_name_their_scope_too()
    {
        var histogram = Some.Family(MetricKind.Histogram, "time", "", "", new MetricSample([], new HistogramSample([1], [1, 2], 3)));
        var summary = Some.Family(MetricKind.Summary, "wait", "", "", new MetricSample([], new SummarySample([0.5], [1], 2, 3)));

        Assert.That(Some.Write(new PrometheusExporterOptions { ScopeLabels = true }, Some.Text, histogram, summary), Is.EqualTo(
            """
            # TYPE time histogram
            time_bucket{le="1",otel_scope_name="shop"} 1
            time_bucket{le="+Inf",otel_scope_name="shop"} 3
            time_sum{otel_scope_name="shop"} 3
            time_count{otel_scope_name="shop"} 3
            # TYPE wait summary
            wait{quantile="0.5",otel_scope_name="shop"} 1
            wait_sum{otel_scope_name="shop"} 3
            wait_count{otel_scope_name="shop"} 2

            """));
    }

    [TestCase("queue_count")]
    [TestCase("total_sum")]
    public void A_gauge_whose_name_ends_like_a_part_of_a_histogram_has_no_type(string name)
    {
        Assert.That(Some.Write(Some.Text, Some.Number(MetricKind.Gauge, name, 1)), Is.EqualTo($"# TYPE {name} untyped\n{name} 1\n"));
        Assert.That(Some.Write(Some.OpenMetrics, Some.Number(MetricKind.Gauge, name, 1)), Does.StartWith($"# TYPE {name} unknown\n"));
    }

    [Test]
    public void Parts_of_one_metric_that_differ_by_constant_labels_are_one_block() => Assert.That(
        Some.Write(Some.Text, Some.Number(MetricKind.Counter, "hits", 1, "region", "eu"), Some.Number(MetricKind.Counter, "hits", 2, "region", "us")),
        Is.EqualTo("# TYPE hits_total counter\nhits_total{region=\"eu\"} 1\nhits_total{region=\"us\"} 2\n"));

    [Test]
    public void Of_two_types_under_one_name_the_first_is_kept_and_the_other_counted()
    {
        var exporter = new PrometheusExporter();
        exporter.Export([Some.Number(MetricKind.Gauge, "size", 1), Some.Family(MetricKind.Histogram, "size", "", "", new MetricSample([], new HistogramSample([], [3], 4))).In(new MetricScope("zoo"))]);

        var text = exporter.GetMetricsText();
        _ = exporter.GetMetricsText();

        Assert.That(text, Is.EqualTo("# TYPE size gauge\nsize{otel_scope_name=\"shop\"} 1\n"));
        Assert.That(exporter.Handler.LeftOutFamilies, Is.EqualTo(1));
    }

    [Test]
    public void Two_names_of_one_meter_that_look_alike_do_not_make_duplicate_series()
    {
        var exporter = new PrometheusExporter();
        exporter.Export([Some.Number(MetricKind.Gauge, "a.b", 1), Some.Number(MetricKind.Gauge, "a_b", 2)]);

        Assert.That(exporter.GetMetricsText(), Is.EqualTo("# TYPE a_b gauge\na_b 1\n"));
        Assert.That(exporter.Handler.LeftOutFamilies, Is.EqualTo(1));
    }

    [Test]
    public void A_gauge_does_not_pass_for_part_of_a_histogram()
    {
        var histogram = Some.Family(MetricKind.Histogram, "time", "", "", new MetricSample([], new HistogramSample([], [3], 4)));
        var exporter = new PrometheusExporter();
        exporter.Export([histogram, Some.Number(MetricKind.Gauge, "time_count", 1), Some.Number(MetricKind.Gauge, "time_counts", 1)]);

        Assert.That(exporter.GetMetricsText(), Does.Not.Contain("# TYPE time_count gauge").And.Contain("# TYPE time_counts gauge"));
        Assert.That(exporter.Handler.LeftOutFamilies, Is.EqualTo(1));
    }

    [Test]
    public void Nobody_else_is_target_info()
    {
        var exported = new MaterializedFamilyReader(Some.Number(MetricKind.Gauge, "target_info", 7));
        var handler = new PrometheusScrapeHandler(new MetricReadModel(new Families(exported)), new PrometheusExporterOptions(), [new("service.name", "x")]);
        using var output = new MemoryStream();
        handler.WriteAsync(output, Some.OpenMetrics).GetAwaiter().GetResult();

        var families = ExpositionParser.Parse(output.ToArray(), openMetrics: true);

        Assert.That(families.Single().Samples.Single().Label("service_name"), Is.EqualTo("x"));
    }

    [Test]
    public void Label_names_that_become_equal_are_merged_in_the_order_of_their_originals() => Assert.That(
        Some.Write(Some.Text, Some.Number(MetricKind.Gauge, "g", 1, "x_y", "third", "z", "0", "x-y", "first", "x.y", "second")),
        Is.EqualTo("# TYPE g gauge\ng{x_y=\"first;second;third\",z=\"0\"} 1\n"));

    [Test]
    public void Labels_the_format_needs_for_itself_are_renamed()
    {
        var histogram = Some.Family(MetricKind.Histogram, "h", "", "", new MetricSample(Some.Labels("le", "mine"), new HistogramSample([], [1], 1)));
        var summary = Some.Family(MetricKind.Summary, "s", "", "", new MetricSample(Some.Labels("quantile", "mine"), new SummarySample([], [], 1, 1)));
        var gauge = Some.Number(MetricKind.Gauge, "g", 1, "le", "mine", "otel_scope_name", "mine");

        Assert.That(Some.Write(Some.Text, histogram, summary, gauge), Does
            .Contain("h_bucket{exported_le=\"mine\",le=\"+Inf\"} 1\n").And
            .Contain("s_count{exported_quantile=\"mine\"} 1\n").And
            .Contain("g{le=\"mine\",otel_scope_name=\"mine\"} 1\n"));
        Assert.That(
            Some.Write(new PrometheusExporterOptions { ScopeLabels = true }, Some.Text, gauge),
            Does.Contain("g{le=\"mine\",exported_otel_scope_name=\"mine\",otel_scope_name=\"shop\"} 1\n"));
    }

    [Test]
    public void What_was_rendered_for_one_style_does_not_leak_into_another()
    {
        // One series object, written in every format and escaping in turn, twice, with and without scope labels.
        var family = new MaterializedFamilyReader(Some.Number(MetricKind.Gauge, "g", 0.5, "plain", "1", "under_score", "2", "do.t", "3", "otel_scope_name", "4"));
        var handlers = new[] { false, true }.SelectMany(scope => new[] { false, true }.Select(utf8 =>
            new PrometheusScrapeHandler(new MetricReadModel(new Families(family)), new PrometheusExporterOptions { ScopeLabels = scope, Utf8Names = utf8 }))).ToArray();
        var formats = Enum.GetValues<PrometheusDialect>().SelectMany(dialect => Enum.GetValues<PrometheusEscaping>().Select(escaping => new PrometheusFormat(dialect, escaping))).ToArray();

        string[] WriteAll(bool fresh) => [.. handlers.SelectMany(handler => formats.Select(format =>
        {
            using var output = new MemoryStream();
            var used = fresh ? new PrometheusScrapeHandler(
                new MetricReadModel(new Families(new MaterializedFamilyReader(MetricFamilyMaterializer.Materialize(family)))), OptionsOf(handler)) : handler;
            used.WriteAsync(output, format).GetAwaiter().GetResult();
            return System.Text.Encoding.UTF8.GetString(output.ToArray());
        }))];
        PrometheusExporterOptions OptionsOf(PrometheusScrapeHandler handler)
        {
            var index = Array.IndexOf(handlers, handler);
            return new PrometheusExporterOptions { ScopeLabels = index >= 2, Utf8Names = index % 2 == 1 };
        }

        var expected = WriteAll(fresh: true);
        Assert.That(WriteAll(fresh: false), Is.EqualTo(expected));
        Assert.That(WriteAll(fresh: false), Is.EqualTo(expected));
        Assert.That(expected.Distinct().Count(), Is.GreaterThan(8));
    }

    [Test]
    public void A_family_that_fails_while_it_is_read_leaves_whole_lines_and_the_others()
    {
        var broken = new BreakingFamily();
        var good = new MaterializedFamilyReader(Some.Number(MetricKind.Gauge, "z", 1));
        var handler = new PrometheusScrapeHandler(new MetricReadModel(new Families(broken, good)), new PrometheusExporterOptions());
        using var output = new MemoryStream();
        handler.WriteAsync(output, Some.Text).GetAwaiter().GetResult();

        Assert.That(System.Text.Encoding.UTF8.GetString(output.ToArray()), Is.EqualTo("# TYPE a gauge\na 1\n# TYPE z gauge\nz 1\n"));
        Assert.That(handler.FailedFamilies, Is.EqualTo(1));
    }

    [Test]
    public void A_name_conflict_is_counted_as_a_loss_once()
    {
        var before = TelemetryLosses.Counted("metrics", "prometheus", "name_conflict");
        var exporter = new PrometheusExporter();
        exporter.Export([Some.Number(MetricKind.Counter, "a.b", 1), Some.Number(MetricKind.Counter, "a_b", 2), Some.Number(MetricKind.Counter, "a-b", 3)]);
        foreach (var format in new[] { Some.Text, Some.OpenMetrics, Some.Text }) exporter.GetMetricsText(format);

        Assert.That(TelemetryLosses.Counted("metrics", "prometheus", "name_conflict") - before, Is.EqualTo(2));
    }

    [Test]
    public void A_failed_read_is_counted_as_a_loss_every_time()
    {
        var before = TelemetryLosses.Counted("metrics", "prometheus", "read_failed");
        var handler = new PrometheusScrapeHandler(new MetricReadModel(new Families(new BreakingFamily())), new PrometheusExporterOptions());
        for (var i = 0; i < 2; i++) handler.WriteAsync(Stream.Null, Some.Text).GetAwaiter().GetResult();

        Assert.That(TelemetryLosses.Counted("metrics", "prometheus", "read_failed") - before, Is.EqualTo(2));
    }

    internal sealed class Families(params MetricFamilyReader[] families) : IMetricSource
    {
        public void Collect(MetricCollection collection)
        {
            foreach (var family in families) collection.Add(family);
        }
    }

    private sealed class BreakingFamily : MetricFamilyReader
    {
        private readonly MaterializedFamilyReader _first = new(Some.Number(MetricKind.Gauge, "a", 1));

        public override MetricDescriptor Descriptor => _first.Descriptor;

        public override int Read(int start, MetricVisitor visitor)
        {
            _first.Read(0, visitor);
            throw new InvalidOperationException("broken");
        }
    }
}
