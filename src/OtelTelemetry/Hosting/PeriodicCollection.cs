using OtelTelemetry.Reading;

namespace OtelTelemetry.Hosting;

/// <summary>
/// Collects the read model on an interval, for hooks and self metrics where no exporter does, and keeps what it found as the latest
/// snapshot. One collection at a time; one that takes long makes the next wait for its own turn. Thread-safe.
/// </summary>
internal sealed class PeriodicCollection(Func<TelemetrySnapshot> take, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private int _collecting;
    private TelemetrySnapshot? _latest;

    /// <summary>What the last collection found; null before the first.</summary>
    public TelemetrySnapshot? Latest => Volatile.Read(ref _latest);

    /// <summary>Begins, or goes on with another interval.</summary>
    public void Start(TimeSpan interval)
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = time.CreateTimer(static state => ((PeriodicCollection)state!).Collect(), this, interval, interval);
        }
    }

    /// <summary>Ends the collecting; the latest snapshot stays.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    public void Dispose() => Stop();

    private void Collect()
    {
        if (Interlocked.Exchange(ref _collecting, 1) != 0) return;
        try
        {
            Volatile.Write(ref _latest, take());
        }
        finally
        {
            Volatile.Write(ref _collecting, 0);
        }
    }
}
