using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace OtelTelemetry.Tests.Processors.Measurements;

/// <summary>A reader of the SDK that keeps what each collection gave, and adds up deltas: what the receiver of an exporter sees.</summary>
internal sealed class SeriesReader
{
    private readonly Exporter _exporter;
    private readonly BaseExportingMetricReader _reader;

    public SeriesReader(MetricReaderTemporalityPreference temporality)
    {
        _exporter = new Exporter(temporality == MetricReaderTemporalityPreference.Delta);
        _reader = new BaseExportingMetricReader(_exporter) { TemporalityPreference = temporality };
    }

    public MetricReader Reader => _reader;

    /// <summary>Collects, and gives the values of a metric of a meter by labels; of a histogram its count, under <c>#sum</c> its sum,
    /// and under <c>#0</c>, <c>#1</c> … its buckets.</summary>
    public Dictionary<string, double> Read(string meter, string name)
    {
        Assert.That(_reader.Collect(), Is.True);
        return _exporter.Values.TryGetValue((meter, name), out var values) ? new(values) : [];
    }

    public IEnumerable<string> Names(string meter)
    {
        Assert.That(_reader.Collect(), Is.True);
        return [.. _exporter.Latest.Where(key => key.Meter == meter).Select(key => key.Name)];
    }

    private sealed class Exporter(bool adds) : BaseExporter<Metric>
    {
        public Dictionary<(string Meter, string Name), Dictionary<string, double>> Values { get; } = [];

        public List<(string Meter, string Name)> Latest { get; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            Latest.Clear();
            foreach (var metric in batch)
            {
                var key = (metric.MeterName, metric.Name);
                Latest.Add(key);
                if (!Values.TryGetValue(key, out var values)) Values.Add(key, values = []);
                // Up-down counters are cumulative under every preference, gauges are what they are.
                var cumulative = !adds || metric.Temporality == AggregationTemporality.Cumulative
                    || metric.MetricType is MetricType.LongGauge or MetricType.DoubleGauge;
                if (cumulative) values.Clear();
                foreach (ref readonly var point in metric.GetMetricPoints()) Add(metric, point, values, cumulative);
            }

            return ExportResult.Success;
        }

        private static void Add(Metric metric, in MetricPoint point, Dictionary<string, double> values, bool cumulative)
        {
            var labels = new List<KeyValuePair<string, string>>();
            foreach (var tag in point.Tags) labels.Add(new(tag.Key, Convert.ToString(tag.Value, CultureInfo.InvariantCulture)!));
            var text = RuleHost.Text(labels);
            switch (metric.MetricType)
            {
                case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                    Put(text, point.GetSumLong());
                    break;
                case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                    Put(text, point.GetSumDouble());
                    break;
                case MetricType.LongGauge:
                    Put(text, point.GetGaugeLastValueLong());
                    break;
                case MetricType.DoubleGauge:
                    Put(text, point.GetGaugeLastValueDouble());
                    break;
                default:
                    Put(text, point.GetHistogramCount());
                    Put(text + "#sum", point.GetHistogramSum());
                    if (metric.MetricType != MetricType.Histogram) break;
                    var bucket = 0;
                    foreach (var entry in point.GetHistogramBuckets()) Put($"{text}#{bucket++}", entry.BucketCount);
                    break;
            }

            void Put(string key, double value)
            {
                if (!cumulative) value += values.GetValueOrDefault(key);
                else if (values.ContainsKey(key)) throw new InvalidOperationException($"{metric.Name}{{{key}}} is there twice");
                values[key] = value;
            }
        }
    }
}
