namespace OtelTelemetry.Logging.Store;

/// <summary>The order in which log records are read.</summary>
public enum LogOrder
{
    /// <summary>The latest record first.</summary>
    NewestFirst,

    /// <summary>The earliest record first.</summary>
    OldestFirst,
}
