namespace OtelTelemetry.Reading;

/// <summary>One series of a <see cref="MetricFamily"/>: its labels and its value at one moment. Immutable.</summary>
public sealed record MetricSample
{
    /// <summary>Makes a sample of a counter, gauge or up-down counter.</summary>
    /// <param name="labels">The labels, in their order.</param>
    /// <param name="value">The value.</param>
    /// <param name="exemplar">The latest exemplar of a counter, or null.</param>
    public MetricSample(IEnumerable<KeyValuePair<string, string>> labels, double value, MetricExemplar? exemplar = null)
    {
        Labels = new LabelMap(labels);
        Value = value;
        Exemplars = exemplar is null ? [] : [exemplar];
    }

    /// <summary>Makes a sample of a histogram with explicit bounds.</summary>
    public MetricSample(IEnumerable<KeyValuePair<string, string>> labels, HistogramSample histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        Labels = new LabelMap(labels);
        Histogram = histogram;
        Value = histogram.Count;
        Exemplars = [.. histogram.Exemplars.OfType<MetricExemplar>()];
    }

    /// <summary>Makes a sample of an exponential histogram.</summary>
    public MetricSample(IEnumerable<KeyValuePair<string, string>> labels, ExponentialHistogramSample histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        Labels = new LabelMap(labels);
        ExponentialHistogram = histogram;
        Value = histogram.Count;
        Exemplars = histogram.Exemplars;
    }

    /// <summary>Makes a sample of a summary.</summary>
    public MetricSample(IEnumerable<KeyValuePair<string, string>> labels, SummarySample summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        Labels = new LabelMap(labels);
        Summary = summary;
        Value = summary.Count;
        Exemplars = [];
    }

    /// <summary>The labels; enumerating keeps the order in which they were given.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>The value of a counter, gauge or up-down counter; for a histogram or summary how many observations there were.</summary>
    public double Value { get; }

    /// <summary>The buckets, when the family is a histogram with explicit bounds.</summary>
    public HistogramSample? Histogram { get; }

    /// <summary>The buckets, when the family is an exponential histogram.</summary>
    public ExponentialHistogramSample? ExponentialHistogram { get; }

    /// <summary>The quantiles, when the family is a summary.</summary>
    public SummarySample? Summary { get; }

    /// <summary>The exemplars there are, or none.</summary>
    public IReadOnlyList<MetricExemplar> Exemplars { get; }
}
