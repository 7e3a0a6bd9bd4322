using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace OtelTelemetry.Tests.Processors.Logs;

/// <summary>An exporter that keeps all a log record tells, copied: the SDK uses records again. Thread-safe.</summary>
internal sealed class ExportedLogs : BaseExporter<LogRecord>
{
    private readonly ConcurrentQueue<Line> _lines = new();

    public IReadOnlyList<Line> Lines => [.. _lines];

    /// <summary>All texts of all records, to look for what must not be there.</summary>
    public string Everything => string.Join('\n', Lines.Select(line => line.Everything));

    public override ExportResult Export(in Batch<LogRecord> batch)
    {
        foreach (var record in batch)
        {
            if (record.CategoryName!.StartsWith("Microsoft.", StringComparison.Ordinal) || record.CategoryName.StartsWith("OtelTelemetry", StringComparison.Ordinal)) continue;
            var scopes = new List<KeyValuePair<string, object?>>();
            var texts = new List<string?>();
            record.ForEachScope((scope, _) =>
            {
                scopes.AddRange([.. Pairs(scope)]);
                texts.Add(scope.Scope?.ToString());
            }, 0);
            var attributes = record.Attributes?.ToArray() ?? [];
            texts.AddRange([record.Body, record.FormattedMessage, .. attributes.Concat(scopes).Select(pair => $"{pair.Key}={Text(pair.Value)}")]);
            for (var exception = record.Exception; exception is not null; exception = exception.InnerException)
            {
                texts.AddRange([exception.ToString(), exception.Message, .. exception.Data.Cast<DictionaryEntry>().Select(entry => $"{entry.Key}={Text(entry.Value)}")]);
            }

            _lines.Enqueue(new Line(record.CategoryName, record.LogLevel, record.EventId, record.Body, record.FormattedMessage, attributes, scopes, record.Exception, string.Join('\n', texts)));
        }

        return ExportResult.Success;
    }

    private static List<KeyValuePair<string, object?>> Pairs(LogRecordScope scope)
    {
        var pairs = new List<KeyValuePair<string, object?>>();
        foreach (var pair in scope) pairs.Add(pair);
        return pairs;
    }

    private static string? Text(object? value) => value switch
    {
        string text => text,
        IEnumerable items => string.Join(' ', items.Cast<object?>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    internal sealed record Line(
        string Category,
        LogLevel Level,
        EventId EventId,
        string? Body,
        string? Message,
        IReadOnlyList<KeyValuePair<string, object?>> Attributes,
        IReadOnlyList<KeyValuePair<string, object?>> Scopes,
        Exception? Exception,
        string Everything)
    {
        public object? this[string name] => Attributes.FirstOrDefault(pair => pair.Key == name).Value;
    }
}
