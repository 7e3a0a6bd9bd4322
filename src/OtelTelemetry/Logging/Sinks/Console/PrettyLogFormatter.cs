using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OtelTelemetry.Logging.Formats;

namespace OtelTelemetry.Logging.Sinks.Console;

/// <summary>
/// Writes a record for people: <c>15:09:26.535 WRN Shop.Orders               Stock is low  sku=A7  4bf92f35</c>, the last being the beginning of the
/// trace's id. An exception has indented lines below it.
/// </summary>
internal sealed class PrettyLogFormatter(bool colors, TimeZoneInfo zone) : LogFormatter
{
    /// <summary>Categories are as wide as this; of longer ones the end is shown.</summary>
    private const int CategoryWidth = 26;

    private static readonly byte[] s_blanks = new byte[CategoryWidth];

    static PrettyLogFormatter() => s_blanks.AsSpan().Fill((byte)' ');

    public override void Write(LogLine line, LogRecord record)
    {
        var output = line.Buffer;
        line.Scopes.Read(record);
        Color(output, "\u001b[2m"u8);
        output.WriteValue(TimeZoneInfo.ConvertTimeFromUtc(record.Timestamp, zone), "HH:mm:ss.fff");
        Color(output, "\u001b[0m"u8);
        output.Write(" "u8);
        WriteLevel(output, record.LogLevel);
        output.Write(" "u8);
        WriteCategory(output, record.CategoryName);
        output.Write(" "u8);
        output.WriteInLine(record.FormattedMessage ?? record.Body);
        WriteValues(line, record);
        if (record.TraceId != default)
        {
            Color(output, "\u001b[2m"u8);
            output.Write("  "u8);
            output.Write(record.TraceId.ToHexString().AsSpan(0, 8));
            Color(output, "\u001b[0m"u8);
        }

        output.Write("\n"u8);
        if (record.Exception is not { } exception) return;
        Color(output, "\u001b[31m"u8);
        output.WriteLines(LogJson.Text(exception), "             "u8);
        Color(output, "\u001b[0m"u8);
    }

    private static void WriteCategory(LogBuffer output, ReadOnlySpan<char> category)
    {
        if (category.Length > CategoryWidth)
        {
            output.Write("…");
            output.WriteInLine(category[^(CategoryWidth - 1)..]);
            return;
        }

        output.WriteInLine(category);
        output.Write(s_blanks.AsSpan(category.Length));
    }

    private void WriteLevel(LogBuffer output, LogLevel level)
    {
        Color(output, level switch
        {
            LogLevel.Critical => "\u001b[1;37;41m"u8,
            LogLevel.Error => "\u001b[1;31m"u8,
            LogLevel.Warning => "\u001b[1;33m"u8,
            LogLevel.Information => "\u001b[32m"u8,
            _ => "\u001b[2m"u8,
        });
        output.Write(level switch
        {
            LogLevel.Critical => "CRT"u8,
            LogLevel.Error => "ERR"u8,
            LogLevel.Warning => "WRN"u8,
            LogLevel.Information => "INF"u8,
            LogLevel.Debug => "DBG"u8,
            _ => "TRC"u8,
        });
        Color(output, "\u001b[0m"u8);
    }

    /// <summary>Values that the message does not show already.</summary>
    private void WriteValues(LogLine line, LogRecord record)
    {
        var output = line.Buffer;
        Color(output, "\u001b[36m"u8);
        var attributes = record.Attributes;
        for (var i = 0; i < attributes?.Count; i++)
        {
            var pair = attributes[i];
            if (pair.Key != LogTemplate.Name && !IsShown(record, pair)) output.WritePair(pair.Key, pair.Value);
        }

        output.WritePairs(line.Scopes.Values);
        Color(output, "\u001b[0m"u8);
    }

    /// <summary>Whether the message has the value: by its template, as <c>name=value</c> as the messages of events do, or as its first word, which is an event's name.</summary>
    private static bool IsShown(LogRecord record, KeyValuePair<string, object?> pair) =>
        record is { FormattedMessage: { } message, Body: { } template }
        && (template.Contains("{" + pair.Key, StringComparison.Ordinal) || message.Contains($" {pair.Key}=", StringComparison.Ordinal) || (pair.Value is string text && text == template));

    private void Color(LogBuffer output, ReadOnlySpan<byte> code)
    {
        if (colors) output.Write(code);
    }
}
