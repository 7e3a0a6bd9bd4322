namespace OtelTelemetry.Metrics.Cells;

/// <summary>A sketch over the last part of time: the window is cut in slices, each with a sketch of its own that is cleared when its
/// time comes round again. What is answered covers at least nine tenths of the window. Not thread-safe.</summary>
internal sealed class SlidingSketch(TimeSpan window, TimeProvider time)
{
    internal const int Slices = 10;

    private readonly QuantileSketch?[] _slices = new QuantileSketch?[Slices];
    private readonly long _start = time.GetTimestamp();
    private readonly long _sliceTicks = Math.Max(1, window.Ticks / Slices);
    private long _current;

    internal void Add(double value, long times = 1)
    {
        Advance();
        (_slices[_current % Slices] ??= new QuantileSketch()).Add(value, times);
    }

    /// <summary>Adds what the window holds to a sketch.</summary>
    internal void AddTo(QuantileSketch sketch)
    {
        Advance();
        foreach (var slice in _slices)
        {
            if (slice is { Count: > 0 }) sketch.Add(slice);
        }
    }

    private void Advance()
    {
        var now = time.GetElapsedTime(_start).Ticks / _sliceTicks;
        if (now <= _current) return;
        var passed = Math.Min(now - _current, Slices);
        for (var i = 0; i < passed; i++) _slices[(now - i) % Slices]?.Clear();
        _current = now;
    }
}
