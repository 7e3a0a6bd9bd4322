using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace OtelTelemetry.Testing.Internal;

/// <summary>Listens to activity sources and keeps the scope's spans once they have ended. Thread-safe.</summary>
internal sealed class SpanCapture : IDisposable
{
    private static readonly object s_mark = new();

    private readonly CaptureScope _scope;
    private readonly int _most;
    private readonly List<CapturedSpan> _spans = [];
    private TaskCompletionSource _next = NewSource();

    // Decided at the start: a span may end on a thread that knows nothing of the scope.
    private readonly ConditionalWeakTable<Activity, object> _ours = [];
    private readonly ActivityListener _listener;

    public SpanCapture(CaptureScope scope, NamePatterns sources, int most)
    {
        _scope = scope;
        _most = most;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => sources.Match(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                _scope.Has(options.Parent.TraceId) || _scope.IsHere() ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStarted = Started,
            ActivityStopped = Stopped,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<CapturedSpan> All
    {
        get
        {
            lock (_spans) return [.. _spans];
        }
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>Ends when the spans that have ended fulfil a condition.</summary>
    public async Task Until(Func<IReadOnlyList<CapturedSpan>, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_spans)
            {
                if (condition(_spans)) return;
                next = _next.Task;
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Started(Activity activity)
    {
        // The activity is the current one already: whether its trace is known is asked first, then the flow.
        if (!_scope.Has(activity.TraceId) && !_scope.IsHere()) return;
        _scope.Add(activity.TraceId);
        _ours.TryAdd(activity, s_mark);
    }

    private void Stopped(Activity activity)
    {
        if (!_ours.Remove(activity) || _scope.HasEnded) return;
        lock (_spans)
        {
            if (_spans.Count == _most) return;
            _spans.Add(new CapturedSpan(activity));
            _next.SetResult();
            _next = NewSource();
        }
    }
}
