using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenTelemetry.Logs;
using OtelTelemetry.Logging.Formats;

namespace OtelTelemetry.Logging.Sinks.Elasticsearch;

/// <summary>
/// Writes a record as an operation of a bulk request: a line that says what to do, and the document. It creates, since that is all a data stream takes, and gives each
/// document an id of its own, so that one that is sent twice is there once. Thread-safe.
/// </summary>
/// <param name="index">Says which index a record belongs to.</param>
/// <param name="fields">How the parts of a record are called.</param>
/// <param name="idPrefix">What the ids of all documents of this sink begin with; no other sink of any process has the same. Without characters that JSON escapes.</param>
internal sealed class BulkLogFormatter(IndexPattern index, LogFields fields, string idPrefix) : LogFormatter
{
    private volatile Hour? _hour;
    private long _last;

    /// <summary>A prefix that nobody else has.</summary>
    public static string UniquePrefix() => Base64Url.EncodeToString(Guid.NewGuid().ToByteArray());

    public override void Write(LogLine line, LogRecord record)
    {
        var output = line.Buffer;
        line.Scopes.Read(record);
        output.Write(HourOf(record.Timestamp).Action);
        output.WriteValue(Interlocked.Increment(ref _last));
        output.Write("\"}}\n"u8);
        line.Json.WriteStartObject();
        fields.Write(line.Json, record, line.Scopes);
        line.Json.WriteEndObject();
        output.Write("\n"u8);
    }

    private Hour HourOf(DateTime time)
    {
        var number = time.Ticks / TimeSpan.TicksPerHour;
        if (_hour is { } hour && hour.Number == number) return hour;
        var name = JsonEncodedText.Encode(index.NameAt(time), JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        return _hour = new Hour(number, Encoding.UTF8.GetBytes($$$"""{"create":{"_index":"{{{name}}}","_id":"{{{idPrefix}}}-"""));
    }

    /// <summary>The beginning of the first line of all records of an hour, up to the number in the id.</summary>
    private sealed record Hour(long Number, byte[] Action);
}
