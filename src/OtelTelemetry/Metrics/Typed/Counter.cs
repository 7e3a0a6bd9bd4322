namespace OtelTelemetry.Metrics.Typed;

/// <summary>
/// A <see cref="Metrics.Counter"/> whose labels are a type: a wrong set of labels does not compile, and recording makes no text.
/// Thread-safe, and everything said of <see cref="Metrics.Counter"/> holds.
/// </summary>
/// <typeparam name="TLabels">The labels.</typeparam>
public sealed class Counter<TLabels>
    where TLabels : struct, IMetricLabels<TLabels>
{
    private readonly TypedSeries<TLabels> _series;

    internal Counter(Metrics.Counter untyped)
    {
        Untyped = untyped;
        _series = new TypedSeries<TLabels>(untyped);
    }

    /// <summary>The counter itself, whose label values are texts.</summary>
    public Metrics.Counter Untyped { get; }

    /// <summary>The full name: namespace, subsystem and name.</summary>
    public string Name => Untyped.Name;

    /// <summary>Adds 1.</summary>
    /// <param name="labels">The labels.</param>
    public void Inc(in TLabels labels) => With(in labels).Inc();

    /// <summary>Adds an amount.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="amount">From 0, finite. A negative amount, NaN or infinity is counted as dropped.</param>
    public void Inc(in TLabels labels, double amount) => With(in labels).Inc(amount);

    /// <summary>The series of these labels, to keep and record in. Made when it is not there yet.</summary>
    /// <param name="labels">The labels.</param>
    public BoundCounter With(in TLabels labels) => (BoundCounter)_series.Find(in labels);

    /// <summary>The current value of a series; 0 when it does not exist. Makes none.</summary>
    /// <param name="labels">The labels.</param>
    public double Get(in TLabels labels) => (_series.FindExisting(in labels) as BoundCounter)?.Value ?? 0;
}
