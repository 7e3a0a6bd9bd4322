namespace OtelTelemetry.Processors.Logs.Suppress;

/// <summary>
/// Counts the records of one kind. One word has them all, so that each is in exactly one sum: the first ones of a window pass, the others
/// are suppressed, and whoever ends the window takes the number. Thread-safe; no lock.
/// </summary>
internal sealed class SuppressionWindow(SuppressionKey key, SuppressedLogs what, int most, long now)
{
    /// <summary>The window is over for ever; far enough below zero for any number of late ones.</summary>
    private const long Dead = long.MinValue / 2;

    private long _seen;
    private long _started = now;

    internal SuppressionKey Key => key;

    internal SuppressedLogs What => what;

    internal long Started => Volatile.Read(ref _started);

    /// <summary>Counts one.</summary>
    /// <returns>Its number in this window, from 1; below 1 when the window takes none any more.</returns>
    internal long Take() => Interlocked.Increment(ref _seen);

    /// <summary>Begins the next window, if nobody else has.</summary>
    /// <returns>How many were suppressed in the last one.</returns>
    internal long Next(long started, long now)
    {
        if (Interlocked.CompareExchange(ref _started, now, started) != started) return 0;
        return End(0);
    }

    /// <summary>Says how many were suppressed so far; the window goes on, and suppresses.</summary>
    internal long Settle()
    {
        while (true)
        {
            var seen = Volatile.Read(ref _seen);
            if (seen <= most) return 0;
            if (Interlocked.CompareExchange(ref _seen, most, seen) == seen) return seen - most;
        }
    }

    /// <summary>Ends it for ever.</summary>
    /// <returns>How many were suppressed.</returns>
    internal long Kill() => End(Dead);

    /// <summary>Ends it for ever, if none was suppressed in it.</summary>
    internal bool TryKillIdle()
    {
        var seen = Volatile.Read(ref _seen);
        return seen >= 0 && seen <= most && Interlocked.CompareExchange(ref _seen, Dead, seen) == seen;
    }

    private long End(long next)
    {
        while (true)
        {
            var seen = Volatile.Read(ref _seen);
            if (seen < 0) return 0;
            if (Interlocked.CompareExchange(ref _seen, next, seen) == seen) return Math.Max(0, seen - most);
        }
    }
}
