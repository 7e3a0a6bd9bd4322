namespace OtelTelemetry.Tracing.Sampling.RateLimited;

/// <summary>
/// So many a second, evenly spaced, and a burst after a quiet time: in any stretch of time at most rate × time + burst. One word and
/// one compare-exchange, exact under any number of threads; a refusal writes nothing. With the system's clock time is known to a few
/// milliseconds, by which a stretch may be off. Thread-safe.
/// </summary>
/// <remarks>The generic cell rate algorithm (ITU-T I.371, virtual scheduling): the word is the time at which the next one would be due
/// if all came evenly; one is refused when that lies further ahead than the burst allows.</remarks>
internal sealed class RateLimit
{
    internal const int MostBurst = 1_000_000;
    internal const double MostPerSecond = 1_000_000;

    /// <summary>A sixteenth of a nanosecond: fine enough for a million a second, and enough for 18 years.</summary>
    private const double UnitsPerSecond = 16e9;

    private const long UnitsPerMillisecond = 16_000_000;

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly double _unitsPerTick;
    private readonly bool _coarse;
    private readonly long _interval;
    private readonly long _tolerance;
    private readonly long _halfTolerance;
    private long _due;

    /// <param name="perSecond">More than 0, at most <see cref="MostPerSecond"/>.</param>
    /// <param name="burst">At least 1; null for what one second allows.</param>
    /// <param name="time">The clock.</param>
    internal RateLimit(double perSecond, int? burst, TimeProvider time)
    {
        PerSecond = perSecond;
        Burst = burst ?? DefaultBurst(perSecond);
        _time = time;
        // Rounded up: rather a little less than more than is allowed.
        _interval = (long)Math.Ceiling(UnitsPerSecond / perSecond);
        _tolerance = Span(Burst);
        _halfTolerance = Span(Math.Max(1, Burst / 2));
        // The system's coarse tick costs a quarter of its clock; a burst that is over within a few of its steps needs the clock.
        _coarse = ReferenceEquals(time, TimeProvider.System) && Burst * _interval >= 50 * UnitsPerMillisecond;
        _start = _coarse ? Environment.TickCount64 : time.GetTimestamp();
        _unitsPerTick = UnitsPerSecond / time.TimestampFrequency;
    }

    internal double PerSecond { get; }

    internal int Burst { get; }

    internal static int DefaultBurst(double perSecond) => (int)Math.Clamp(Math.Ceiling(perSecond), 1, MostBurst);

    /// <summary>Takes one, if there is one.</summary>
    internal bool TryTake() => TryTake(_tolerance);

    /// <summary>Takes one, if more than half of the burst would be left for others.</summary>
    internal bool TryTakeFromUpperHalf() => TryTake(_halfTolerance);

    private bool TryTake(long tolerance)
    {
        var now = Now();
        var due = Volatile.Read(ref _due);
        while (true)
        {
            if (due - now > tolerance) return false;
            var before = Interlocked.CompareExchange(ref _due, Math.Max(due, now) + _interval, due);
            if (before == due) return true;
            due = before;
        }
    }

    private long Now() => _coarse
        ? (Environment.TickCount64 - _start) * UnitsPerMillisecond
        : (long)((_time.GetTimestamp() - _start) * _unitsPerTick);

    private long Span(int burst) => (long)Math.Min((burst - 1.0) * _interval, long.MaxValue / 4.0);
}
