using OtelTelemetry.Configuration;

namespace OtelTelemetry.Collectors;

/// <summary>The collectors a configuration can name: one line each.</summary>
internal static class CollectorRegistry
{
    public static IReadOnlyList<(string Type, Func<SettingSection, CollectorOptions> Read)> All { get; } =
    [
        ("Aggregating", AggregatingCollectorBuilderExtensions.Read),
        ("Sampling", SamplingCollectorBuilderExtensions.Read),
        ("RateLimited", RateLimitedCollectorBuilderExtensions.Read),
        ("Batch", BatchCollectorBuilderExtensions.Read),
        ("Retry", RetryCollectorBuilderExtensions.Read),
    ];
}
