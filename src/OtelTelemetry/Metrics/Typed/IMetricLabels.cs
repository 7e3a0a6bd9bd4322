namespace OtelTelemetry.Metrics.Typed;

/// <summary>
/// A set of labels as a type: what each label is called, and what its value is. Written by the source generator for a partial
/// record struct with <see cref="MetricLabelsAttribute"/> (package OtelTelemetry.Generators), or by hand.
/// </summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IMetricLabels<TSelf>
    where TSelf : struct, IMetricLabels<TSelf>
{
    /// <summary>The label names, in the order in which <see cref="WriteTo"/> gives the values. Always the same.</summary>
    static abstract IReadOnlyList<string> LabelNames { get; }

    /// <summary>A hash of the values; the same for equal ones. What others can choose, such as a text of a request, has to be
    /// hashed with a seed, as <see cref="string.GetHashCode()"/> does.</summary>
    int GetHash();

    /// <summary>Whether all values are the same.</summary>
    /// <param name="other">The labels to compare with.</param>
    bool Same(in TSelf other);

    /// <summary>Writes the values as text. Called once for each series.</summary>
    /// <param name="values">As many places as there are label names.</param>
    void WriteTo(Span<string> values);
}
