using System.Diagnostics;
using Limit = OtelTelemetry.Tracing.Sampling.RateLimited.RateLimit;

namespace OtelTelemetry.Processors.Spans.RateLimit;

/// <summary>Drops what is more than so many spans a second.</summary>
internal sealed class SpanRateLimit(Limit limit) : SpanProcessor
{
    public override bool Process(Activity span) => limit.TryTake();
}
