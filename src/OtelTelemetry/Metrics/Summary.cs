using System.Diagnostics.Metrics;
using OtelTelemetry.Metrics.Labels;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Metrics;

/// <summary>
/// Observations with quantiles computed in this process, over a sliding window. Each quantile is within 2% of the value of the
/// nearest rank, as long as values lie within 80 doublings of each other. Thread-safe. Quantiles of several processes cannot be
/// put together; use a <see cref="Histogram"/> where that is wanted.
/// While anything listens to its <see cref="Meter"/>, each value is also recorded in a <see cref="Histogram{T}"/> of the same name there.
/// </summary>
public sealed class Summary : MetricInstrument
{
    private const int LargestOnStack = 32;

    internal Summary(InstrumentDefinition definition)
        : base(definition)
    {
    }

    /// <summary>The published quantiles, ascending.</summary>
    public IReadOnlyList<double> Quantiles => Definition.Points;

    /// <summary>How far back the published quantiles look.</summary>
    public TimeSpan Window => Definition.Window;

    internal Histogram<double>? Mirror { get; private set; }

    /// <summary>Records a value in a summary without labels.</summary>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    public void Observe(double value) => ((BoundSummary)Unlabelled).Observe(value);

    /// <summary>Records a value in the series of these label values.</summary>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public void Observe(double value, params ReadOnlySpan<string> labels) => ((BoundSummary)Resolve(labels)).Observe(value);

    /// <summary>Measures from now until the result is disposed, and records that time in a series of these label values,
    /// in milliseconds where the metric's unit is <c>ms</c>, else in seconds.</summary>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public DurationScope Time(params ReadOnlySpan<string> labels) => ((BoundSummary)Resolve(labels)).Time();

    /// <summary>The series of a summary without labels.</summary>
    public BoundSummary With() => (BoundSummary)Unlabelled;

    /// <summary>The series of these label values, to keep and record in. Made when it is not there yet.
    /// With a wrong number of labels, what is recorded in the result is counted as dropped.</summary>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public BoundSummary With(params ReadOnlySpan<string> labels) => (BoundSummary)Resolve(labels);

    /// <summary>The series of these labels, by name and in any order. Made when it is not there yet.
    /// With wrong names, what is recorded in the result is counted as dropped.</summary>
    /// <param name="labels">A name and a value for every label.</param>
    public BoundSummary With(params ReadOnlySpan<(string Name, string Value)> labels) => (BoundSummary)Resolve(labels);

    /// <summary>The current reading of a series; null when it does not exist. Makes none.</summary>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public SummarySnapshot? Get(params ReadOnlySpan<string> labels) => (FindExisting(labels) as BoundSummary)?.GetSnapshot();

    internal override void Publish(Meter meter) =>
        Mirror = meter.CreateHistogram<double>(Name, Unit.Length == 0 ? null : Unit, Help);

    private protected override BoundSeries CreateSeries(LabelValues values) => new BoundSummary(this, values);

    private protected override BoundSeries CreateRejectedSeries() => new BoundSummary(this, default, rejects: true);

    private protected override bool Visit(BoundSeries series, MetricVisitor visitor)
    {
        var quantiles = Definition.Points;
        Span<double> values = quantiles.Length <= LargestOnStack ? stackalloc double[quantiles.Length] : new double[quantiles.Length];
        ((BoundSummary)series).Read(quantiles, values, out var count, out var sum);
        return visitor.VisitSummary(series, new SummaryView(quantiles, values, count, sum));
    }
}
