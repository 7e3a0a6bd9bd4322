namespace OtelTelemetry.Integration.Recorder;

/// <summary>The application's own count of what it recorded. Written by one thread, read by others.</summary>
internal sealed class CallCount
{
    private long _begun;
    private long _ended;

    public long Begun => Volatile.Read(ref _begun);

    public long Ended => Volatile.Read(ref _ended);

    public void Begin() => Volatile.Write(ref _begun, _begun + 1);

    public void End() => Volatile.Write(ref _ended, _ended + 1);
}
