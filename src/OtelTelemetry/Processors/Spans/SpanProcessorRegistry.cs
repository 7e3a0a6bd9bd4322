using OtelTelemetry.Configuration;
using OtelTelemetry.Processors.Spans.Attributes;
using OtelTelemetry.Processors.Spans.Filter;
using OtelTelemetry.Processors.Spans.RateLimit;
using OtelTelemetry.Processors.Spans.Redact;
using OtelTelemetry.Processors.Spans.Rename;

namespace OtelTelemetry.Processors.Spans;

/// <summary>The span processors a configuration can name: one line each.</summary>
internal static class SpanProcessorRegistry
{
    public static IReadOnlyList<(string Type, Func<SettingSection, SpanProcessorOptions> Read)> All { get; } =
    [
        ("AddAttributes", AddAttributesOptions.Read),
        ("Filter", SpanFilterOptions.Read),
        ("RateLimit", SpanRateLimitOptions.Read),
        ("Redact", RedactSpansOptions.Read),
        ("Rename", RenameSpansOptions.Read),
    ];
}
