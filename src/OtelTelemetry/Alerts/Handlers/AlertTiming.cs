namespace OtelTelemetry.Alerts.Handlers;

/// <summary>How alerts are put together, and when they are told. Immutable.</summary>
internal sealed record AlertTiming(IReadOnlyList<string> GroupBy, TimeSpan GroupWait, TimeSpan GroupInterval, TimeSpan RepeatInterval);
