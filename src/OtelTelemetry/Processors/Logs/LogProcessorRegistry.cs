using OtelTelemetry.Configuration;
using OtelTelemetry.Processors.Logs.Attributes;
using OtelTelemetry.Processors.Logs.Deduplicate;
using OtelTelemetry.Processors.Logs.Filter;
using OtelTelemetry.Processors.Logs.RateLimit;
using OtelTelemetry.Processors.Logs.Redact;
using OtelTelemetry.Processors.Logs.Sample;

namespace OtelTelemetry.Processors.Logs;

/// <summary>The log processors a configuration can name: one line each.</summary>
internal static class LogProcessorRegistry
{
    public static IReadOnlyList<(string Type, Func<SettingSection, LogProcessorOptions> Read)> All { get; } =
    [
        ("AddAttributes", AddLogAttributesOptions.Read),
        ("Deduplicate", DeduplicateExceptionsOptions.Read),
        ("Filter", LogFilterOptions.Read),
        ("RateLimit", LogRateLimitOptions.Read),
        ("Redact", RedactLogsOptions.Read),
        ("Sample", LogSampleOptions.Read),
    ];
}
