using OpenTelemetry.Logs;

namespace OtelTelemetry.Logging.Formats;

/// <summary>
/// Writes a record as a line of text: <c>2026-03-14T15:09:26.535Z Warning Shop.Orders[17] Stock is low sku=A7 trace_id=… span_id=…</c>. An exception has
/// indented lines below it.
/// </summary>
internal sealed class TextLogFormatter : LogFormatter
{
    public override void Write(LogLine line, LogRecord record)
    {
        var output = line.Buffer;
        line.Scopes.Read(record);
        output.WriteValue(record.Timestamp, "yyyy-MM-ddTHH:mm:ss.fff");
        output.Write("Z "u8);
        output.Write(record.LogLevel.ToString());
        output.Write(" "u8);
        output.Write(record.CategoryName);
        if (record.EventId.Id != 0)
        {
            output.Write("["u8);
            output.WriteValue(record.EventId.Id);
            output.Write("]"u8);
        }

        output.Write(" "u8);
        output.WriteInLine(record.FormattedMessage ?? record.Body);
        if (record.Attributes is { } attributes) output.WritePairs(attributes);
        output.WritePairs(line.Scopes.Values);
        if (record.TraceId != default)
        {
            output.Write(" trace_id="u8);
            output.Write(record.TraceId.ToHexString());
            output.Write(" span_id="u8);
            output.Write(record.SpanId.ToHexString());
        }

        output.Write("\n"u8);
        if (record.Exception is { } exception) output.WriteLines(LogJson.Text(exception), "    "u8);
    }
}
