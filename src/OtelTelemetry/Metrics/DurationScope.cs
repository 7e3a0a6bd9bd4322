namespace OtelTelemetry.Metrics;

/// <summary>Measures a duration: from <see cref="Histogram.Time(ReadOnlySpan{string})"/> until it is disposed. Dispose it once; a second time records again.</summary>
public readonly struct DurationScope : IDisposable
{
    private readonly BoundSeries? _target;
    private readonly TimeProvider? _time;
    private readonly long _start;

    internal DurationScope(BoundSeries target, TimeProvider time)
    {
        _target = target;
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed => _time?.GetElapsedTime(_start) ?? TimeSpan.Zero;

    /// <summary>Records the time since the start. Never throws.</summary>
    public void Dispose()
    {
        if (_target is null) return;
        var value = _target.Instrument.Unit == "ms" ? Elapsed.TotalMilliseconds : Elapsed.TotalSeconds;
        if (_target is BoundHistogram histogram) histogram.Observe(value);
        else (_target as BoundSummary)?.Observe(value);
    }
}
