namespace OtelTelemetry.Logging.Sinks.Files;

/// <summary>When a new log file begins, beside when the last one is full. The time is that of the machine.</summary>
public enum FileLogInterval
{
    /// <summary>Only when the last one is full: <c>app.log</c>, <c>app_001.log</c>, <c>app_002.log</c>.</summary>
    None,

    /// <summary>Every hour: <c>app2026031415.log</c>, <c>app2026031415_001.log</c>.</summary>
    Hour,

    /// <summary>Every day: <c>app20260314.log</c>, <c>app20260314_001.log</c>.</summary>
    Day,
}
