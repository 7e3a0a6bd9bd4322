using System.Diagnostics;

namespace OtelTelemetry.AspNetCore;

/// <summary>
/// Completes the spans of every ASP.NET Core host of the process: the tracer provider records them all, since sources are matched by
/// name, and each host has a diagnostic listener of its own. Requests are left out for the application's own host only.
/// </summary>
internal sealed class ServerSpanSubscription : IObserver<DiagnosticListener>, IDisposable
{
    private readonly DiagnosticListener _own;
    private readonly ServerSpanObserver _ownObserver;
    private readonly ServerSpanObserver _otherObserver = new(ExcludedPaths.None);
    private readonly List<IDisposable> _subscriptions = [];
    private readonly Lock _gate = new();
    private readonly IDisposable _allListeners;
    private bool _disposed;

    public ServerSpanSubscription(DiagnosticListener own, ExcludedPaths excluded, bool forwardRequestId)
    {
        _own = own;
        _ownObserver = new ServerSpanObserver(excluded, forwardRequestId);
        _allListeners = DiagnosticListener.AllListeners.Subscribe(this);
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name != _own.Name) return;
        var subscription = value.Subscribe(ReferenceEquals(value, _own) ? _ownObserver : _otherObserver, ServerSpanObserver.IsWanted);
        lock (_gate)
        {
            if (!_disposed)
            {
                _subscriptions.Add(subscription);
                return;
            }
        }

        subscription.Dispose();
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        _allListeners.Dispose();
        lock (_gate)
        {
            _disposed = true;
            foreach (var subscription in _subscriptions) subscription.Dispose();
            _subscriptions.Clear();
        }
    }
}
