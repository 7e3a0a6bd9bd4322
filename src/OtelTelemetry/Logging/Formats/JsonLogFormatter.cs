using OpenTelemetry.Logs;

namespace OtelTelemetry.Logging.Formats;

/// <summary>Writes a record as a JSON object in one line.</summary>
internal sealed class JsonLogFormatter(LogFields fields) : LogFormatter
{
    public override void Write(LogLine line, LogRecord record)
    {
        line.Scopes.Read(record);
        line.Json.WriteStartObject();
        fields.Write(line.Json, record, line.Scopes);
        line.Json.WriteEndObject();
        line.Buffer.Write((byte)'\n');
    }
}
