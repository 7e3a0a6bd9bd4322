using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OtelTelemetry.Patterns;
using OtelTelemetry.Tracing.Sampling.Consistent;

namespace OtelTelemetry.Processors.Logs.Sample;

/// <summary>Drops all but a part of the records. Allocates nothing.</summary>
internal sealed class LogSample(LogSampleOptions options) : LogProcessor
{
    private readonly ulong _threshold = SamplingThreshold.OfRate(options.Rate);
    private readonly WildcardPattern? _category = options.Category is { } category ? new WildcardPattern(category, ignoreCase: false) : null;
    private readonly LogLevel _below = options.Below;

    internal override string DropReason => "sampled_out";

    internal override bool SeesSummaries => false;

    public override bool Process(LogRecord record)
    {
        if (record.LogLevel >= _below) return true;
        if (_category is not null && !_category.IsMatch(record.CategoryName)) return true;
        var randomness = record.TraceId == default ? (ulong)Random.Shared.NextInt64((long)SamplingThreshold.None) : SamplingThreshold.RandomnessOf(record.TraceId);
        return randomness >= _threshold;
    }
}
