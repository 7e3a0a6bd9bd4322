namespace OtelTelemetry.Logging.Sinks.Queue;

/// <summary>Wakes one waiting thread; a signal that nobody waits for is kept, once. Holds nothing of the operating system. Thread-safe.</summary>
internal sealed class WakeSignal
{
    private readonly object _gate = new();
    private bool _isSet;

    public void Set()
    {
        lock (_gate)
        {
            if (_isSet) return;
            _isSet = true;
            Monitor.Pulse(_gate);
        }
    }

    public void Wait()
    {
        lock (_gate)
        {
            while (!_isSet) Monitor.Wait(_gate);
            _isSet = false;
        }
    }
}
