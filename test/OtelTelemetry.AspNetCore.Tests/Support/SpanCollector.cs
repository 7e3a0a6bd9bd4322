using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;

namespace OtelTelemetry.AspNetCore.Tests.Support;

/// <summary>A processor as an application adds one: keeps the recorded spans that ended.</summary>
internal sealed class SpanCollector : BaseProcessor<Activity>
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly SemaphoreSlim _arrived = new(0);

    public override void OnEnd(Activity data)
    {
        if (!data.Recorded) return;
        _spans.Enqueue(data);
        _arrived.Release();
    }

    public IReadOnlyList<Activity> Spans => [.. _spans];

    /// <summary>The server spans, once there are as many as expected: they end after the client has its answer.</summary>
    public async Task<Activity[]> ServerSpans(int count)
    {
        while (_spans.Count(span => span.Kind == ActivityKind.Server) < count)
        {
            if (!await _arrived.WaitAsync(TimeSpan.FromSeconds(10))) Assert.Fail($"Only {_spans.Count} spans arrived.");
        }

        return [.. _spans.Where(span => span.Kind == ActivityKind.Server)];
    }
}
