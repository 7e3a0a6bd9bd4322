namespace OtelTelemetry.Diagnostics;

/// <summary>
/// Decides when a cell looks for an exemplar. Asking for the current span costs more than a whole counter increment, so
/// each cell asks once a tick; comparing the tick is a load. No tick passes while no exporter wants exemplars.
/// </summary>
internal static class ExemplarSampling
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(100);
    private static readonly Lock s_gate = new();
    private static int s_users;
    private static ITimer? s_timer;

    /// <summary>0 while nobody wants exemplars, else a number that changes ten times a second. A plain field: it is read on every record.</summary>
    internal static int Tick;

    /// <summary>Starts the ticks for one exporter; dispose the result when it stops.</summary>
    internal static IDisposable Start(TimeProvider timeProvider)
    {
        lock (s_gate)
        {
            if (s_users++ == 0)
            {
                Advance(null);
                s_timer = timeProvider.CreateTimer(Advance, null, s_period, s_period);
            }
        }

        return new User();
    }

    // 0 means off, so it is left out when the number wraps around.
    private static void Advance(object? state) => Tick = Tick == -1 ? 1 : Tick + 1;

    private static void Stop()
    {
        lock (s_gate)
        {
            if (--s_users > 0) return;
            s_timer?.Dispose();
            s_timer = null;
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
