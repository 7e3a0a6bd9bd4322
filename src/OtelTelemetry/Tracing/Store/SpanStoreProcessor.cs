using System.Diagnostics;
using OpenTelemetry;

namespace OtelTelemetry.Tracing.Store;

/// <summary>Gives the store what exporters get: every sampled span of the trace pipeline, of whatever source.</summary>
internal sealed class SpanStoreProcessor(SpanStore store) : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Recorded) store.Add(data);
    }
}
