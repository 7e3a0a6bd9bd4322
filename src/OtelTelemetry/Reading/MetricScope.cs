namespace OtelTelemetry.Reading;

/// <summary>The instrumentation scope of a metric: the <see cref="System.Diagnostics.Metrics.Meter"/> it was made on.</summary>
/// <param name="Name">The meter's name.</param>
/// <param name="Version">The meter's version, or an empty string.</param>
public sealed record MetricScope(string Name, string Version = "")
{
    /// <summary>The meter's own tags, in their order. Empty for most meters.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Attributes { get; init; } = [];
}
