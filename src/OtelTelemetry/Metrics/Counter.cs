using System.Diagnostics.Metrics;
using OtelTelemetry.Metrics.Labels;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Metrics;

/// <summary>
/// A sum that only grows: requests served, errors, bytes sent. Thread-safe and exact under any number of threads.
/// It shows itself on a <see cref="Meter"/> as an observable counter.
/// </summary>
/// <example><code>
/// var orders = collector.CreateCounter("orders_total", "Orders placed.", "method", "status");
/// orders.Inc("GET", "200");
/// BoundCounter accepted = orders.With("POST", "201");
/// accepted.Inc();
/// </code></example>
public sealed class Counter : MetricInstrument
{
    internal Counter(InstrumentDefinition definition)
        : base(definition)
    {
    }

    /// <summary>Adds 1 to a counter without labels.</summary>
    public void Inc() => ((BoundCounter)Unlabelled).Inc();

    /// <summary>Adds an amount to a counter without labels.</summary>
    /// <param name="amount">From 0. A negative amount is counted as dropped.</param>
    public void Inc(long amount) => ((BoundCounter)Unlabelled).Inc(amount);

    /// <summary>Adds an amount to a counter without labels.</summary>
    /// <param name="amount">From 0, finite. A negative amount, NaN or infinity is counted as dropped.</param>
    public void Inc(double amount) => ((BoundCounter)Unlabelled).Inc(amount);

    /// <summary>Adds 1 to the series of this label value.</summary>
    public void Inc(string label1) => ((BoundCounter)Resolve(label1)).Inc();

    /// <summary>Adds 1 to the series of these label values, in the order of the label names.</summary>
    public void Inc(string label1, string label2) => ((BoundCounter)Resolve(label1, label2)).Inc();

    /// <inheritdoc cref="Inc(string, string)"/>
    public void Inc(string label1, string label2, string label3) => ((BoundCounter)Resolve(label1, label2, label3)).Inc();

    /// <inheritdoc cref="Inc(string, string)"/>
    public void Inc(string label1, string label2, string label3, string label4) =>
        ((BoundCounter)Resolve(label1, label2, label3, label4)).Inc();

    /// <inheritdoc cref="Inc(string, string)"/>
    public void Inc(params ReadOnlySpan<string> labels) => ((BoundCounter)Resolve(labels)).Inc();

    /// <summary>Adds an amount to the series of this label value.</summary>
    /// <param name="amount">From 0, finite. A negative amount, NaN or infinity is counted as dropped.</param>
    /// <param name="label1">The value of the only label.</param>
    public void Inc(double amount, string label1) => ((BoundCounter)Resolve(label1)).Inc(amount);

    /// <summary>Adds an amount to the series of these label values.</summary>
    /// <param name="amount">From 0, finite. A negative amount, NaN or infinity is counted as dropped.</param>
    /// <param name="label1">The value of the first label.</param>
    /// <param name="label2">The value of the second label.</param>
    public void Inc(double amount, string label1, string label2) => ((BoundCounter)Resolve(label1, label2)).Inc(amount);

    /// <summary>Adds an amount to the series of these label values.</summary>
    /// <param name="amount">From 0, finite. A negative amount, NaN or infinity is counted as dropped.</param>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public void Inc(double amount, params ReadOnlySpan<string> labels) => ((BoundCounter)Resolve(labels)).Inc(amount);

    /// <summary>The series of a counter without labels.</summary>
    public BoundCounter With() => (BoundCounter)Unlabelled;

    /// <summary>The series of these label values, to keep and record in. Made when it is not there yet.
    /// With a wrong number of labels, what is recorded in the result is counted as dropped.</summary>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public BoundCounter With(params ReadOnlySpan<string> labels) => (BoundCounter)Resolve(labels);

    /// <summary>The series of these labels, by name and in any order. Made when it is not there yet.
    /// With wrong names, what is recorded in the result is counted as dropped.</summary>
    /// <param name="labels">A name and a value for every label.</param>
    public BoundCounter With(params ReadOnlySpan<(string Name, string Value)> labels) => (BoundCounter)Resolve(labels);

    /// <summary>The current value of a series; 0 when it does not exist. Makes none.</summary>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public double Get(params ReadOnlySpan<string> labels) => (FindExisting(labels) as BoundCounter)?.Value ?? 0;

    internal override void Publish(Meter meter) =>
        meter.CreateObservableCounter(Name, Observe, Unit.Length == 0 ? null : Unit, Help);

    private protected override BoundSeries CreateSeries(LabelValues values) => new BoundCounter(this, values);

    private protected override BoundSeries CreateRejectedSeries() => new BoundCounter(this, default, rejects: true);

    private protected override bool Visit(BoundSeries series, MetricVisitor visitor)
    {
        var counter = (BoundCounter)series;
        return visitor.VisitNumber(counter, counter.Value, counter.Exemplar);
    }

    // Every series at every collection: under delta temporality a series that was left out would come back with its full value.
    private IEnumerable<Measurement<double>> Observe()
    {
        foreach (var series in AllSeries()) yield return new(((BoundCounter)series).Value, series.MakeTags());
    }
}
