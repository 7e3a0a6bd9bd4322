namespace OtelTelemetry.Collectors.Recording;

/// <summary>Numbers the windows of time since it was made. Reading it must cost little: of the system's clock the coarse tick is taken.</summary>
internal sealed class WindowClock(TimeSpan window, TimeProvider time)
{
    private readonly bool _coarse = ReferenceEquals(time, TimeProvider.System);
    private readonly long _start = ReferenceEquals(time, TimeProvider.System) ? Environment.TickCount64 : time.GetTimestamp();
    private readonly long _milliseconds = Math.Max(1, (long)window.TotalMilliseconds);

    /// <summary>The number of the window of this moment, from 0.</summary>
    internal uint Current => (uint)(_coarse
        ? (Environment.TickCount64 - _start) / _milliseconds
        : time.GetElapsedTime(_start).Ticks / window.Ticks);
}
