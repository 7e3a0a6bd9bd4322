namespace OtelTelemetry.Collectors;

/// <summary>Records by name, without making a <see cref="Metric"/> first. None of these ever throws.</summary>
public static class MetricCollectorExtensions
{
    /// <summary>Records a value without tags.</summary>
    /// <param name="collector">Where to.</param>
    /// <param name="name">The metric's name.</param>
    /// <param name="value">The value, in the metric's unit.</param>
    public static void Record(this IMetricCollector collector, string name, double value) => collector?.Record(new Metric(name, value));

    /// <summary>Records a value with tags that were made before.</summary>
    /// <param name="collector">Where to.</param>
    /// <param name="name">The metric's name.</param>
    /// <param name="value">The value, in the metric's unit.</param>
    /// <param name="tags">The tags.</param>
    /// <param name="metadata">What else is known; it reaches sinks and hooks, never an instrument.</param>
    public static void Record(this IMetricCollector collector, string name, double value, MetricTags tags, IReadOnlyDictionary<string, object?>? metadata = null) =>
        collector?.Record(new Metric(name, value, tags, metadata));

    /// <summary>Records a value with tags. Tags that were used of late are found again: nothing is allocated.</summary>
    /// <param name="collector">Where to.</param>
    /// <param name="name">The metric's name.</param>
    /// <param name="value">The value, in the metric's unit.</param>
    /// <param name="tags">Names and values, in any order.</param>
    public static void Record(this IMetricCollector collector, string name, double value, params ReadOnlySpan<(string Name, string Value)> tags) =>
        collector?.Record(new Metric(name, value, MetricTags.Of(tags)));

    /// <summary>Records a value with the tags of a dictionary.</summary>
    /// <param name="collector">Where to.</param>
    /// <param name="name">The metric's name.</param>
    /// <param name="value">The value, in the metric's unit.</param>
    /// <param name="tags">Names and values; null for none.</param>
    /// <param name="metadata">What else is known; it reaches sinks and hooks, never an instrument.</param>
    public static void Record(
        this IMetricCollector collector, string name, double value, IReadOnlyDictionary<string, string>? tags, IReadOnlyDictionary<string, object?>? metadata = null) =>
        collector?.Record(new Metric(name, value, tags is null ? null : MetricTags.From(tags), metadata));
}
