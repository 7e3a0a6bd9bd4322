namespace OtelTelemetry.Exporters.Retry;

/// <summary>The clock of an exporter whose exports may come late: meanwhile it says when the metrics were collected. Thread-safe.</summary>
internal sealed class CollectionClock(TimeProvider clock) : TimeProvider
{
    private readonly AsyncLocal<DateTimeOffset?> _collected = new();

    /// <summary>When the metrics were collected that the current flow exports; null for now.</summary>
    public DateTimeOffset? Collected
    {
        set => _collected.Value = value;
    }

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => _collected.Value ?? clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
}
