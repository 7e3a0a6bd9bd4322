namespace OtelTelemetry.Collectors.RateLimited;

/// <summary>
/// The permits of one window after the other. Window and permits left are in one word, so that taking one is a compare-exchange and
/// exact under any number of threads.
/// </summary>
internal sealed class WindowLimit(int permits, int burst, uint window)
{
    // The upper half is the window's number, the lower half how many permits it has left.
    private ulong _state = ((ulong)window << 32) | (uint)permits;

    internal bool TryTake(uint now)
    {
        var state = Volatile.Read(ref _state);
        while (true)
        {
            var current = (uint)(state >> 32);
            var left = (uint)state;
            // As a difference, so that numbers may wrap around. A thread that read the clock earlier takes from the window that is current.
            var passed = (int)(now - current);
            if (passed > 0)
            {
                var unused = Math.Min(burst, left + ((long)(passed - 1) * permits));
                left = (uint)(permits + unused);
                current = now;
            }

            if (left == 0) return false;
            var before = Interlocked.CompareExchange(ref _state, ((ulong)current << 32) | (left - 1), state);
            if (before == state) return true;
            state = before;
        }
    }
}
