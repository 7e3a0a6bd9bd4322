namespace OtelTelemetry.Metrics.Typed;

/// <summary>
/// A <see cref="Metrics.Gauge"/> whose labels are a type: a wrong set of labels does not compile, and recording makes no text.
/// Thread-safe, and everything said of <see cref="Metrics.Gauge"/> holds.
/// </summary>
/// <typeparam name="TLabels">The labels.</typeparam>
public sealed class Gauge<TLabels>
    where TLabels : struct, IMetricLabels<TLabels>
{
    private readonly TypedSeries<TLabels> _series;

    internal Gauge(Metrics.Gauge untyped)
    {
        Untyped = untyped;
        _series = new TypedSeries<TLabels>(untyped);
    }

    /// <summary>The gauge itself, whose label values are texts.</summary>
    public Metrics.Gauge Untyped { get; }

    /// <summary>The full name: namespace, subsystem and name.</summary>
    public string Name => Untyped.Name;

    /// <summary>Sets the value.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    public void Set(in TLabels labels, double value) => With(in labels).Set(value);

    /// <summary>Adds an amount.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="amount">Finite, may be negative. NaN or infinity is counted as dropped. Default: 1.</param>
    public void Inc(in TLabels labels, double amount = 1) => With(in labels).Inc(amount);

    /// <summary>Subtracts an amount.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="amount">Finite, may be negative. NaN or infinity is counted as dropped. Default: 1.</param>
    public void Dec(in TLabels labels, double amount = 1) => With(in labels).Dec(amount);

    /// <summary>The series of these labels, to keep and record in. Made when it is not there yet.</summary>
    /// <param name="labels">The labels.</param>
    public BoundGauge With(in TLabels labels) => (BoundGauge)_series.Find(in labels);

    /// <summary>The current value of a series; 0 when it does not exist. Makes none.</summary>
    /// <param name="labels">The labels.</param>
    public double Get(in TLabels labels) => (_series.FindExisting(in labels) as BoundGauge)?.Value ?? 0;
}
