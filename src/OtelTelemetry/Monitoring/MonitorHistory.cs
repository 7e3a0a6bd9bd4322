using OtelTelemetry.Collectors;

namespace OtelTelemetry.Monitoring;

/// <summary>The last values of one metric, in a ring that grows to its size and no further. Thread-safe.</summary>
internal sealed class MonitorHistory(int size, TimeProvider time)
{
    private const int FirstSize = 16;

    private readonly Lock _gate = new();
    private MonitorPoint[] _points = [];
    private int _next;
    private int _count;

    public void Add(double value, MetricTags labels)
    {
        if (size == 0) return;
        var point = new MonitorPoint(time.GetUtcNow(), value, labels);
        lock (_gate)
        {
            if (_count == _points.Length && _count < size) Grow();
            _points[_next] = point;
            _next = (_next + 1) % _points.Length;
            if (_count < _points.Length) _count++;
        }
    }

    /// <summary>The values, the oldest first.</summary>
    public MonitorPoint[] Read()
    {
        lock (_gate)
        {
            var points = new MonitorPoint[_count];
            var first = _count < _points.Length ? 0 : _next;
            for (var i = 0; i < points.Length; i++) points[i] = _points[(first + i) % _points.Length];
            return points;
        }
    }

    /// <summary>Only ever when the ring is full and still smaller than it may be: then it begins at <see cref="_next"/>.</summary>
    private void Grow()
    {
        var larger = new MonitorPoint[Math.Min(size, Math.Max(FirstSize, 2 * _points.Length))];
        for (var i = 0; i < _count; i++) larger[i] = _points[(_next + i) % _points.Length];
        _points = larger;
        _next = _count;
    }
}
