namespace OtelTelemetry.Health.Running;

/// <summary>The last runs of a check, in a ring. Not thread-safe.</summary>
internal sealed class RunHistory(int size)
{
    private readonly HealthCheckRun[] _ring = new HealthCheckRun[size];
    private int _first;
    private int _count;

    public void Add(HealthCheckRun run)
    {
        if (size == 0) return;
        _ring[(_first + _count) % size] = run;
        if (_count < size) _count++;
        else _first = (_first + 1) % size;
    }

    /// <summary>A copy, oldest first.</summary>
    public HealthCheckRun[] ToArray()
    {
        var copy = new HealthCheckRun[_count];
        for (var i = 0; i < _count; i++) copy[i] = _ring[(_first + i) % size];
        return copy;
    }
}
