using System.Diagnostics.Metrics;
using OtelTelemetry.Metrics.Labels;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Metrics;

/// <summary>
/// A value that goes up and down: connections, queue depth, temperature. Thread-safe.
/// It shows itself on a <see cref="Meter"/> as an observable gauge.
/// </summary>
public sealed class Gauge : MetricInstrument
{
    internal Gauge(InstrumentDefinition definition)
        : base(definition)
    {
    }

    /// <summary>Sets a gauge without labels.</summary>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    public void Set(double value) => ((BoundGauge)Unlabelled).Set(value);

    /// <summary>Sets the series of this label value.</summary>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    /// <param name="label1">The value of the only label.</param>
    public void Set(double value, string label1) => ((BoundGauge)Resolve(label1)).Set(value);

    /// <summary>Sets the series of these label values.</summary>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public void Set(double value, params ReadOnlySpan<string> labels) => ((BoundGauge)Resolve(labels)).Set(value);

    /// <summary>Adds 1 to a gauge without labels.</summary>
    public void Inc() => ((BoundGauge)Unlabelled).Inc();

    /// <summary>Adds an amount to a gauge without labels.</summary>
    /// <param name="amount">Finite, may be negative. NaN or infinity is counted as dropped.</param>
    public void Inc(double amount) => ((BoundGauge)Unlabelled).Inc(amount);

    /// <summary>Adds 1 to the series of these label values.</summary>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public void Inc(params ReadOnlySpan<string> labels) => ((BoundGauge)Resolve(labels)).Inc();

    /// <summary>Adds an amount to the series of these label values.</summary>
    /// <param name="amount">Finite, may be negative. NaN or infinity is counted as dropped.</param>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public void Inc(double amount, params ReadOnlySpan<string> labels) => ((BoundGauge)Resolve(labels)).Inc(amount);

    /// <summary>Subtracts 1 from a gauge without labels.</summary>
    public void Dec() => ((BoundGauge)Unlabelled).Dec();

    /// <summary>Subtracts an amount from a gauge without labels.</summary>
    /// <param name="amount">Finite, may be negative. NaN or infinity is counted as dropped.</param>
    public void Dec(double amount) => ((BoundGauge)Unlabelled).Dec(amount);

    /// <summary>Subtracts 1 from the series of these label values.</summary>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public void Dec(params ReadOnlySpan<string> labels) => ((BoundGauge)Resolve(labels)).Dec();

    /// <summary>Subtracts an amount from the series of these label values.</summary>
    /// <param name="amount">Finite, may be negative. NaN or infinity is counted as dropped.</param>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public void Dec(double amount, params ReadOnlySpan<string> labels) => ((BoundGauge)Resolve(labels)).Dec(amount);

    /// <summary>The series of a gauge without labels.</summary>
    public BoundGauge With() => (BoundGauge)Unlabelled;

    /// <summary>The series of these label values, to keep and record in. Made when it is not there yet.
    /// With a wrong number of labels, what is recorded in the result is counted as dropped.</summary>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public BoundGauge With(params ReadOnlySpan<string> labels) => (BoundGauge)Resolve(labels);

    /// <summary>The series of these labels, by name and in any order. Made when it is not there yet.
    /// With wrong names, what is recorded in the result is counted as dropped.</summary>
    /// <param name="labels">A name and a value for every label.</param>
    public BoundGauge With(params ReadOnlySpan<(string Name, string Value)> labels) => (BoundGauge)Resolve(labels);

    /// <summary>The current value of a series; 0 when it does not exist. Makes none.</summary>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public double Get(params ReadOnlySpan<string> labels) => (FindExisting(labels) as BoundGauge)?.Value ?? 0;

    internal override void Publish(Meter meter) =>
        meter.CreateObservableGauge(Name, Observe, Unit.Length == 0 ? null : Unit, Help);

    private protected override BoundSeries CreateSeries(LabelValues values) => new BoundGauge(this, values);

    private protected override BoundSeries CreateRejectedSeries() => new BoundGauge(this, default, rejects: true);

    private protected override bool Visit(BoundSeries series, MetricVisitor visitor) =>
        visitor.VisitNumber(series, ((BoundGauge)series).Value, null);

    private IEnumerable<Measurement<double>> Observe()
    {
        foreach (var series in AllSeries()) yield return new(((BoundGauge)series).Value, series.MakeTags());
    }
}
