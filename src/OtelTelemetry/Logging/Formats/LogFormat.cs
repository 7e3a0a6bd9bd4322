namespace OtelTelemetry.Logging.Formats;

/// <summary>How a log record is written.</summary>
public enum LogFormat
{
    /// <summary>A JSON object in a line, with the names of OpenTelemetry.</summary>
    Json,

    /// <summary>A JSON object in a line, with the names of the Elastic Common Schema.</summary>
    Ecs,

    /// <summary>A line of text; an exception has lines of its own below it.</summary>
    Text,
}
