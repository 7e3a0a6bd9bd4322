namespace OtelTelemetry.Logging.Formats;

/// <summary>Where a thread writes one record. Taken from it while in use, since what is logged may log itself while it is turned into text.</summary>
internal sealed class LogLine
{
    /// <summary>More than this is given back after use.</summary>
    private const int LargestKept = 64 * 1024;

    [ThreadStatic]
    private static LogLine? t_free;

    private LogLine()
    {
        Buffer = new LogBuffer(1024);
        Json = new LogJsonWriter(Buffer);
    }

    public LogBuffer Buffer { get; }

    public LogJsonWriter Json { get; }

    public LogScopes Scopes { get; } = new();

    public static LogLine Take()
    {
        var line = t_free ?? new LogLine();
        t_free = null;
        line.Buffer.Clear();
        line.Json.Reset();
        return line;
    }

    public static void Return(LogLine line)
    {
        line.Scopes.Clear();
        if (line.Buffer.Capacity <= LargestKept) t_free = line;
    }
}
