using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tests.Metrics;

/// <summary>Our metrics as others see them: an SDK that somebody set up by hand, and a plain listener.</summary>
public class MeterTests : MetricsTestBase
{
    [Test]
    public void A_cumulative_reader_sees_totals()
    {
        var (counter, gauge, histogram) = CreateMetrics();
        counter.Inc(5, "x");
        using var reader = new CollectedReader(MetricReaderTemporalityPreference.Cumulative, Metrics.MeterName);
        gauge.Set(7);
        histogram.Observe(0.3);
        histogram.Observe(3);
        Assert.That(reader.Collect()["c{a=x}"], Is.EqualTo(5));
        counter.Inc(2, "x");
        counter.Inc("y");
        var values = reader.Collect();
        Assert.That(values["c{a=x}"], Is.EqualTo(7));
        Assert.That(values["c{a=y}"], Is.EqualTo(1));
        Assert.That(values["g{}"], Is.EqualTo(7));
        Assert.That(values["h{} count"], Is.EqualTo(2));
        Assert.That(values["h{} sum"], Is.EqualTo(3.3).Within(1e-12));
        Assert.That(values["h{} le 0.5"], Is.EqualTo(1));
    }

    [Test]
    public void A_delta_reader_sees_what_came_since()
    {
        var (counter, gauge, histogram) = CreateMetrics();
        counter.Inc(5, "x");
        using var reader = new CollectedReader(MetricReaderTemporalityPreference.Delta, Metrics.MeterName);
        histogram.Observe(1);
        Assert.That(reader.Collect()["c{a=x}"], Is.EqualTo(5));
        counter.Inc(2, "x");
        counter.Inc("y");
        gauge.Set(3);
        histogram.Observe(2);
        var values = reader.Collect();
        Assert.That(values["c{a=x}"], Is.EqualTo(2));
        Assert.That(values["c{a=y}"], Is.EqualTo(1));
        Assert.That(values["g{}"], Is.EqualTo(3));
        Assert.That(values["h{} count"], Is.EqualTo(1));
        counter.Inc(0.5, "y");
        Assert.That(reader.Collect()["c{a=y}"], Is.EqualTo(0.5));
    }

    [Test]
    public void Reading_through_the_SDK_changes_nothing_for_us()
    {
        var (counter, _, histogram) = CreateMetrics();
        using var delta = new CollectedReader(MetricReaderTemporalityPreference.Delta, Metrics.MeterName);
        using var cumulative = new CollectedReader(MetricReaderTemporalityPreference.Cumulative, Metrics.MeterName);
        for (var i = 1; i <= 5; i++)
        {
            counter.Inc("x");
            histogram.Observe(1);
            Assert.That(delta.Collect()["c{a=x}"], Is.EqualTo(1));
            Assert.That(cumulative.Collect()["c{a=x}"], Is.EqualTo(i));
        }

        Assert.That(counter.Get("x"), Is.EqualTo(5));
        Assert.That(histogram.Get()!.Count, Is.EqualTo(5));
    }

    [Test]
    public void A_plain_listener_sees_every_series()
    {
        var (counter, gauge, histogram) = CreateMetrics();
        var seen = new List<(string Name, double Value, string Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == Metrics.MeterName) listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            seen.Add((instrument.Name, value, string.Join(",", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")))));
        listener.Start();
        counter.Inc(3, "x");
        gauge.Set(4);
        histogram.Observe(0.5);
        listener.RecordObservableInstruments();
        Assert.That(seen, Is.EquivalentTo(new[] { ("c", 3.0, "a=x"), ("g", 4.0, ""), ("h", 0.5, "") }));
    }

    [Test]
    public void A_summary_shows_itself_as_a_histogram()
    {
        var summary = Metrics.CreateSummary("s");
        using var reader = new CollectedReader(MetricReaderTemporalityPreference.Cumulative, Metrics.MeterName);
        summary.Observe(2);
        Assert.That(reader.Collect()["s{} sum"], Is.EqualTo(2));
    }

    [Test]
    public void Constant_labels_and_the_overflow_series_are_tags()
    {
        using var metrics = CreateCollector(options => options with { ConstantLabels = new Dictionary<string, string> { ["fixed"] = "1" }, MaxSeriesPerMetric = 1 });
        var counter = metrics.CreateCounter("c", "", "a");
        counter.Inc("x");
        counter.Inc("y");
        using var reader = new CollectedReader(MetricReaderTemporalityPreference.Cumulative, metrics.MeterName);
        Assert.That(reader.Collect().Keys, Is.EquivalentTo(new[] { "c{a=x,fixed=1}", "c{fixed=1,otel.metric.overflow=True}" }));
    }

    [Test]
    public void Nobody_listening_costs_no_mirror()
    {
        var histogram = Metrics.CreateHistogram("h");
        Assert.That(histogram.Mirror!.Enabled, Is.False);
        using (new CollectedReader(MetricReaderTemporalityPreference.Cumulative, Metrics.MeterName)) Assert.That(histogram.Mirror.Enabled, Is.True);
        Assert.That(histogram.Mirror.Enabled, Is.False);
    }

    [Test]
    public void The_registry_knows_what_is_its_own()
    {
        Metrics.CreateCounter("mine");
        Assert.That(Registry.Owns(Metrics.MeterName, "mine"), Is.True);
        Assert.That(Registry.Owns(Metrics.MeterName, "other"), Is.False);
        Assert.That(Registry.Owns("other", "mine"), Is.False);
    }

    private (Counter Counter, Gauge Gauge, Histogram Histogram) CreateMetrics() =>
        (Metrics.CreateCounter("c", "", "a"), Metrics.CreateGauge("g"), Metrics.CreateHistogram("h", "", [0.5, 5]));

    /// <summary>A provider with one reader that is collected by hand.</summary>
    private sealed class CollectedReader : IDisposable
    {
        private readonly MeterProvider _provider;
        private readonly BaseExportingMetricReader _reader;
        private readonly Exporter _exporter = new();

        public CollectedReader(MetricReaderTemporalityPreference temporality, string meter)
        {
            _reader = new BaseExportingMetricReader(_exporter) { TemporalityPreference = temporality };
            _provider = Sdk.CreateMeterProviderBuilder().AddMeter(meter).AddReader(_reader).Build();
        }

        public Dictionary<string, double> Collect()
        {
            _exporter.Values.Clear();
            _reader.Collect();
            return _exporter.Values;
        }

        public void Dispose() => _provider.Dispose();

        private sealed class Exporter : BaseExporter<Metric>
        {
            public Dictionary<string, double> Values { get; } = [];

            public override ExportResult Export(in Batch<Metric> batch)
            {
                foreach (var metric in batch)
                {
                    foreach (ref readonly var point in metric.GetMetricPoints()) Add(metric, point);
                }

                return ExportResult.Success;
            }

            private void Add(Metric metric, in MetricPoint point)
            {
                var tags = new List<string>();
                foreach (var tag in point.Tags) tags.Add($"{tag.Key}={tag.Value}");
                var key = $"{metric.Name}{{{string.Join(",", tags)}}}";
                switch (metric.MetricType)
                {
                    case MetricType.DoubleSum:
                        Values.Add(key, point.GetSumDouble());
                        break;
                    case MetricType.DoubleGauge:
                        Values.Add(key, point.GetGaugeLastValueDouble());
                        break;
                    default:
                        Values.Add(key + " count", point.GetHistogramCount());
                        Values.Add(key + " sum", point.GetHistogramSum());
                        foreach (var bucket in point.GetHistogramBuckets()) Values.Add(FormattableString.Invariant($"{key} le {bucket.ExplicitBound}"), bucket.BucketCount);
                        break;
                }
            }
        }
    }
}
