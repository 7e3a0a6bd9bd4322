using OpenTelemetry.Logs;

namespace OtelTelemetry.Logging.Formats;

/// <summary>Writes log records as bytes (UTF-8), each with the newline behind it. Thread-safe.</summary>
internal abstract class LogFormatter
{
    /// <summary>Makes the formatter of a format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="resource">What the logs say about where they come from.</param>
    public static LogFormatter Create(LogFormat format, IReadOnlyDictionary<string, object> resource) => format switch
    {
        LogFormat.Text => new TextLogFormatter(),
        LogFormat.Ecs => new JsonLogFormatter(new EcsLogFields(resource)),
        _ => new JsonLogFormatter(new OpenTelemetryLogFields(resource)),
    };

    /// <summary>Writes a record.</summary>
    public abstract void Write(LogLine line, LogRecord record);
}
