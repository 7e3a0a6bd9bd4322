using System.Buffers;
using System.Diagnostics.Metrics;
using OtelTelemetry.Metrics.Cells;
using OtelTelemetry.Metrics.Labels;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Metrics;

/// <summary>
/// Observations counted in buckets: durations, sizes. Thread-safe; a reading is exact, its count being the sum of its buckets.
/// While anything listens to its <see cref="Meter"/>, each value is also recorded in a <see cref="Histogram{T}"/> of the same name there.
/// </summary>
/// <example><code>
/// var latency = collector.CreateHistogram("request_latency_seconds", "Request latency.", [0.1, 0.5, 1], "route");
/// using (latency.Time("/orders")) { /* the work */ }
/// latency.Observe(0.25, "/orders");
/// </code></example>
public sealed class Histogram : MetricInstrument
{
    private const int LargestOnStack = 128;

    internal Histogram(InstrumentDefinition definition)
        : base(definition)
    {
    }

    /// <summary>The buckets' inclusive upper bounds, ascending, without +Inf.</summary>
    public IReadOnlyList<double> Buckets => Definition.Points;

    // Made on first use: the base class creates the unlabelled series before this class's own fields are set.
    internal BucketBounds Bounds => field ??= new BucketBounds(Definition.Points);

    internal Histogram<double>? Mirror { get; private set; }

    /// <summary>Records a value in a histogram without labels.</summary>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    public void Observe(double value) => ((BoundHistogram)Unlabelled).Observe(value);

    /// <summary>Records a value in the series of this label value.</summary>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    /// <param name="label1">The value of the only label.</param>
    public void Observe(double value, string label1) => ((BoundHistogram)Resolve(label1)).Observe(value);

    /// <summary>Records a value in the series of these label values.</summary>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    /// <param name="label1">The value of the first label.</param>
    /// <param name="label2">The value of the second label.</param>
    public void Observe(double value, string label1, string label2) => ((BoundHistogram)Resolve(label1, label2)).Observe(value);

    /// <summary>Records a value in the series of these label values.</summary>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    /// <param name="label1">The value of the first label.</param>
    /// <param name="label2">The value of the second label.</param>
    /// <param name="label3">The value of the third label.</param>
    public void Observe(double value, string label1, string label2, string label3) =>
        ((BoundHistogram)Resolve(label1, label2, label3)).Observe(value);

    /// <summary>Records a value in the series of these label values.</summary>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public void Observe(double value, params ReadOnlySpan<string> labels) => ((BoundHistogram)Resolve(labels)).Observe(value);

    /// <summary>Measures from now until the result is disposed, and records that time in a series of these label values,
    /// in milliseconds where the metric's unit is <c>ms</c>, else in seconds.</summary>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public DurationScope Time(params ReadOnlySpan<string> labels) => ((BoundHistogram)Resolve(labels)).Time();

    /// <summary>The series of a histogram without labels.</summary>
    public BoundHistogram With() => (BoundHistogram)Unlabelled;

    /// <summary>The series of these label values, to keep and record in. Made when it is not there yet.
    /// With a wrong number of labels, what is recorded in the result is counted as dropped.</summary>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public BoundHistogram With(params ReadOnlySpan<string> labels) => (BoundHistogram)Resolve(labels);

    /// <summary>The series of these labels, by name and in any order. Made when it is not there yet.
    /// With wrong names, what is recorded in the result is counted as dropped.</summary>
    /// <param name="labels">A name and a value for every label.</param>
    public BoundHistogram With(params ReadOnlySpan<(string Name, string Value)> labels) => (BoundHistogram)Resolve(labels);

    /// <summary>The current reading of a series; null when it does not exist. Makes none.</summary>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public HistogramSnapshot? Get(params ReadOnlySpan<string> labels) => (FindExisting(labels) as BoundHistogram)?.GetSnapshot();

    internal override void Publish(Meter meter) => Mirror = meter.CreateHistogram<double>(
        Name, Unit.Length == 0 ? null : Unit, Help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Definition.Points });

    private protected override BoundSeries CreateSeries(LabelValues values) => new BoundHistogram(this, values);

    private protected override BoundSeries CreateRejectedSeries() => new BoundHistogram(this, default, rejects: true);

    private protected override bool Visit(BoundSeries series, MetricVisitor visitor)
    {
        var histogram = (BoundHistogram)series;
        var count = Bounds.BucketCount;
        if (count > LargestOnStack) return VisitPooled(histogram, count, visitor);
        Span<long> buckets = stackalloc long[count];
        return Visit(histogram, buckets, visitor);
    }

    private bool VisitPooled(BoundHistogram series, int count, MetricVisitor visitor)
    {
        var buckets = ArrayPool<long>.Shared.Rent(count);
        try
        {
            buckets.AsSpan(0, count).Clear();
            return Visit(series, buckets.AsSpan(0, count), visitor);
        }
        finally
        {
            ArrayPool<long>.Shared.Return(buckets);
        }
    }

    private bool Visit(BoundHistogram series, Span<long> buckets, MetricVisitor visitor)
    {
        var sum = 0.0;
        series.ReadInto(buckets, ref sum);
        return visitor.VisitHistogram(series, new HistogramView(Bounds.Values, buckets, sum, series.GetExemplars()));
    }
}
