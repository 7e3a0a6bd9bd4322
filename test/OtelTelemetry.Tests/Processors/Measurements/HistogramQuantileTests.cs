using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Processors.Measurements;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Tests.Processors.Measurements;

/// <summary>Quantiles of other libraries' histograms.</summary>
public class HistogramQuantileTests
{
    [Test]
    public async Task A_rule_puts_a_summary_beside_the_histogram([Values] bool relayed)
    {
        var rule = new MeasurementRule { Instrument = "request.duration", Quantiles = { 0.5, 0.99 }, DropLabels = { "user" } };
        if (relayed) rule.AddLabels["site"] = "x";
        await using var host = await RuleHost.StartAsync(rule);
        var histogram = host.Meter.CreateHistogram<double>("request.duration", "s", "Time of a request.");
        var values = new List<double>();
        var random = new Random(5);
        for (var i = 0; i < 10_000; i++)
        {
            // Skewed, as latencies are.
            values.Add(Math.Exp(random.NextDouble() * 6) / 100);
            histogram.Record(values[^1], new("route", "/a"), new("user", i));
        }

        histogram.Record(1, new KeyValuePair<string, object?>("route", "/b"));
        values.Sort();
        var family = host.Find("request.duration.quantiles")!;
        var labels = relayed ? "route=/a,site=x" : "route=/a";
        var summary = family.Samples.Single(sample => RuleHost.Text(sample.Labels) == labels).Summary!;

        Assert.That((family.Descriptor.Kind, family.Descriptor.Unit, family.Descriptor.Help), Is.EqualTo((MetricKind.Summary, "s", "Time of a request.")));
        Assert.That(family.Samples, Has.Count.EqualTo(2));
        Assert.That(summary.Quantiles, Is.EqualTo(new[] { 0.5, 0.99 }));
        Assert.That(summary.Values[0], Is.EqualTo(values[4999]).Within(2).Percent);
        Assert.That(summary.Values[1], Is.EqualTo(values[9899]).Within(2).Percent);
        Assert.That(summary.Count, Is.EqualTo(10_000));
        Assert.That(host.ReadModel.GetQuantile("request.duration.quantiles", 0.99, ("route", "/a")), Is.EqualTo(summary.Values[1]));
        Assert.That(host.Read("request.duration")[labels], Is.EqualTo(10_000), "The histogram is there as before.");
        Assert.That(host.Cumulative.Read(host.MeterName, "request.duration")[labels], Is.EqualTo(10_000), "And once.");
        var exporter = new PrometheusExporter();
        exporter.Export([family]);
        Assert.That(exporter.GetMetricsText(), Does.Contain("request_duration_quantiles_seconds{route=\"/a\",").And.Contain("quantile=\"0.99\"} "));
    }

    [Test]
    public async Task Quantiles_look_back_ten_minutes_and_counts_to_the_start()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { Quantiles = { 0.5 } });
        var histogram = host.Meter.CreateHistogram<int>("sizes");
        histogram.Record(100);
        RuleHost.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.That(host.Find("sizes.quantiles")!.Samples.Single().Summary!.Values[0], Is.NaN);
        histogram.Record(7);

        var summary = host.Find("sizes.quantiles")!.Samples.Single().Summary!;

        Assert.That(summary.Values[0], Is.EqualTo(7));
        Assert.That((summary.Count, summary.Sum), Is.EqualTo((2, 107)));
    }

    [Test]
    public async Task Series_are_bounded_and_the_summary_leaves_with_its_meter()
    {
        await using var host = await RuleHost.StartAsync([("Telemetry:Metrics:MaxSeriesPerMetric", "5"), ("Telemetry:Metrics:Rules:0:Quantiles", "0.5"), ("Telemetry:Metrics:Rules:0:Meter", "{meter}")]);
        var meter = new Meter(host.MeterName);
        var histogram = meter.CreateHistogram<double>("seconds");
        for (var i = 0; i < 100; i++) histogram.Record(i, new KeyValuePair<string, object?>("i", i));

        var family = host.Find("seconds.quantiles")!;
        Assert.That(family.Samples, Has.Count.EqualTo(6));
        Assert.That(family.Samples.Single(sample => sample.Labels.ContainsKey("otel.metric.overflow")).Value, Is.EqualTo(95));
        meter.Dispose();
        Assert.That(host.Find("seconds.quantiles"), Is.Null);
        Assert.That(host.Processing.RelayCount, Is.Zero);
    }

    [Test]
    public async Task Exponential_histograms_answer_too()
    {
        await using var host = await RuleHost.StartAsync(
            [], builder => builder.WithMetrics(metrics => metrics.AddView("powers", new Base2ExponentialBucketHistogramConfiguration())));
        var histogram = host.Meter.CreateHistogram<double>("powers");
        for (var i = 1; i <= 1000; i++) histogram.Record(i, new KeyValuePair<string, object?>("part", i % 2));
        histogram.Record(1e6, new KeyValuePair<string, object?>("part", 0));

        // The two series have different scales.
        Assert.That(host.ReadModel.GetQuantile("powers", 0.5), Is.EqualTo(500).Within(5).Percent);
        Assert.That(host.ReadModel.GetQuantile("powers", 0.9, ("part", "1")), Is.EqualTo(900).Within(2).Percent);
    }
}
