namespace OtelTelemetry.Logging.Sinks.Queue;

/// <summary>How a sink buffers. Immutable.</summary>
/// <param name="MaxBytes">The most bytes that wait; what comes beyond is dropped and counted.</param>
/// <param name="FlushInterval">How long a record waits at most while more are to come; zero writes at once.</param>
internal sealed record LogQueueSettings(long MaxBytes, TimeSpan FlushInterval)
{
    /// <summary>How many bytes are written together.</summary>
    public int BlockBytes { get; init; } = 64 * 1024;

    /// <summary>The most records that are written together.</summary>
    public int BlockRecords { get; init; } = int.MaxValue;

    /// <summary>How long after a failure it is tried again.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    public const long LeastBytes = 64 * 1024;

    /// <summary>What is wrong with settings that several sinks have: the property, the problem, the remedy.</summary>
    public static IEnumerable<(string Property, string Problem, string Remedy)> Check(long maxBytes, TimeSpan flushInterval)
    {
        if (maxBytes < LeastBytes) yield return ("MaxQueueBytes", $"{maxBytes} bytes are too few", "Allowed: from 64KiB, such as 8MiB");
        if (flushInterval < TimeSpan.Zero || flushInterval > TimeSpan.FromHours(1)) yield return ("FlushInterval", $"{flushInterval} is out of range", "Allowed: 0s to 1h, such as 1s");
    }
}
