namespace OtelTelemetry.Metrics.Typed;

/// <summary>
/// A <see cref="Metrics.Summary"/> whose labels are a type: a wrong set of labels does not compile, and recording makes no text.
/// Thread-safe, and everything said of <see cref="Metrics.Summary"/> holds.
/// </summary>
/// <typeparam name="TLabels">The labels.</typeparam>
public sealed class Summary<TLabels>
    where TLabels : struct, IMetricLabels<TLabels>
{
    private readonly TypedSeries<TLabels> _series;

    internal Summary(Metrics.Summary untyped)
    {
        Untyped = untyped;
        _series = new TypedSeries<TLabels>(untyped);
    }

    /// <summary>The summary itself, whose label values are texts.</summary>
    public Metrics.Summary Untyped { get; }

    /// <summary>The full name: namespace, subsystem and name.</summary>
    public string Name => Untyped.Name;

    /// <summary>Records a value.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    public void Observe(in TLabels labels, double value) => With(in labels).Observe(value);

    /// <summary>Measures the time until the result is disposed: in milliseconds where the unit is <c>ms</c>, else in seconds.</summary>
    /// <param name="labels">The labels.</param>
    public DurationScope Time(in TLabels labels) => With(in labels).Time();

    /// <summary>The series of these labels, to keep and record in. Made when it is not there yet.</summary>
    /// <param name="labels">The labels.</param>
    public BoundSummary With(in TLabels labels) => (BoundSummary)_series.Find(in labels);

    /// <summary>What a series has recorded; null when it does not exist. Makes none.</summary>
    /// <param name="labels">The labels.</param>
    public SummarySnapshot? Get(in TLabels labels) => (_series.FindExisting(in labels) as BoundSummary)?.GetSnapshot();
}
