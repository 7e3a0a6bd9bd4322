namespace OtelTelemetry.Diagnostics;

/// <summary>
/// Decides when a cell looks for an exemplar. Asking for the current span costs more than a whole counter increment, so
/// each cell asks once a tick; comparing the tick is a load. No tick passes while no exporter wants exemplars, nor while nothing is
/// recorded: an application that idles is not woken ten times a second.
/// </summary>
internal static class ExemplarSampling
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(100);
    private static readonly Lock s_gate = new();
    private static int s_users;
    private static ITimer? s_timer;

    /// <summary>1 while the next tick is on its way.</summary>
    private static int s_isArmed;

    /// <summary>The last tick before the stop: cells remember theirs, so that a number must not come again.</summary>
    private static int s_last;

    /// <summary>0 while nobody wants exemplars, else a number that changes ten times a second, as long as cells say that they have seen it. A plain field: it is read on every record.</summary>
    internal static int Tick;

    /// <summary>Starts the ticks for one exporter; dispose the result when it stops.</summary>
    internal static IDisposable Start(TimeProvider timeProvider)
    {
        lock (s_gate)
        {
            if (s_users++ == 0)
            {
                s_isArmed = 0;
                Tick = After(s_last);
                s_timer = timeProvider.CreateTimer(Advance, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        return new User();
    }

    /// <summary>A cell has looked for an exemplar at this tick: there will be a next one.</summary>
    internal static void Seen()
    {
        if (Interlocked.CompareExchange(ref s_isArmed, 1, 0) != 0) return;
        lock (s_gate) s_timer?.Change(s_period, Timeout.InfiniteTimeSpan);
    }

    private static void Advance(object? state)
    {
        lock (s_gate)
        {
            if (s_timer is null) return;

            // In this order: whoever sees the new tick can ask for the next one.
            Volatile.Write(ref s_isArmed, 0);
            Volatile.Write(ref Tick, After(Tick));
        }
    }

    // 0 means off, so it is left out when the number wraps around.
    private static int After(int tick) => tick == -1 ? 1 : tick + 1;

    private static void Stop()
    {
        lock (s_gate)
        {
            if (--s_users > 0) return;
            s_timer?.Dispose();
            s_timer = null;
            s_last = Tick;
            Tick = 0;
        }
    }

    private sealed class User : IDisposable
    {
        private int _stopped;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _stopped, 1) == 0) Stop();
        }
    }
}
