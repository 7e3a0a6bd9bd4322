using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OtelTelemetry.Logging.Formats;

namespace OtelTelemetry.Logging.Store;

/// <summary>A log record as it was when the processors were done with it. Immutable, and independent of what the application does with the values it logged.</summary>
public sealed class StoredLog
{
    /// <summary>About what a record takes beside its texts, and a value beside its own.</summary>
    private const int BytesOfRecord = 250, BytesOfValue = 60;

    internal StoredLog(long id, LogRecord record, LogScopes scopes)
    {
        Id = id;
        Timestamp = new DateTimeOffset(DateTime.SpecifyKind(record.Timestamp, DateTimeKind.Utc));
        Level = record.LogLevel;
        Category = record.CategoryName ?? "";
        EventId = record.EventId;
        Message = record.FormattedMessage ?? record.Body ?? "";
        Template = record.Attributes?.LastOrDefault(static pair => pair.Key == LogTemplate.Name).Value as string;
        TraceId = record.TraceId;
        SpanId = record.SpanId;
        Attributes = Copy(record.Attributes ?? []);
        scopes.Read(record);
        Scopes = Copy(scopes.Values);
        ScopeTexts = [.. scopes.Texts.Select(LogJson.Text)];
        ExceptionType = record.Exception?.GetType().FullName;
        Exception = record.Exception is { } exception ? LogJson.Text(exception) : null;
        Bytes = BytesOfRecord + Size(Attributes) + Size(Scopes)
            + (2L * (Message.Length + (Exception?.Length ?? 0) + ScopeTexts.Sum(static text => text.Length)));
    }

    /// <summary>The number of the record in its store: later ones have larger numbers.</summary>
    public long Id { get; }

    /// <summary>When it was written, in UTC.</summary>
    public DateTimeOffset Timestamp { get; }

    /// <summary>How bad it is.</summary>
    public LogLevel Level { get; }

    /// <summary>The logger's category.</summary>
    public string Category { get; }

    /// <summary>The event's id and name; the default where it has none.</summary>
    public EventId EventId { get; }

    /// <summary>The text for people.</summary>
    public string Message { get; }

    /// <summary>The text with the names of its values, where it was written with one.</summary>
    public string? Template { get; }

    /// <summary>The trace it was written in; the default outside of one.</summary>
    public ActivityTraceId TraceId { get; }

    /// <summary>The span it was written in; the default outside of one.</summary>
    public ActivitySpanId SpanId { get; }

    /// <summary>The values of the record: numbers, truth values, times and texts as they are, others as text.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Attributes { get; }

    /// <summary>The values of the scopes it was written in, the same way; of those with one name the innermost.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Scopes { get; }

    /// <summary>Scopes that are only texts, outer ones first.</summary>
    public IReadOnlyList<string> ScopeTexts { get; }

    /// <summary>The exception's type; null where there is none.</summary>
    public string? ExceptionType { get; }

    /// <summary>The exception with its message and stack trace; null where there is none.</summary>
    public string? Exception { get; }

    /// <summary>About what it takes.</summary>
    internal long Bytes { get; }

    /// <summary>A value of the record, or of its scopes; null where there is none.</summary>
    /// <param name="name">The value's name.</param>
    public object? GetAttribute(string name) => Find(Attributes, name) ?? Find(Scopes, name);

    /// <summary>Time, level, category and message, for people.</summary>
    public override string ToString() => FormattableString.Invariant($"{Timestamp:yyyy-MM-ddTHH:mm:ss.fffZ} {Level} {Category}: {Message}");

    internal bool Has(string text) =>
        Contains(Message, text) || Contains(Exception, text) || Attributes.Any(pair => Contains(Shown(pair.Value), text)) || Scopes.Any(pair => Contains(Shown(pair.Value), text)) || ScopeTexts.Any(scope => Contains(scope, text));

    private static string Shown(object? value) => value as string ?? LogJson.Text(value);

    private static bool Contains(string? text, string part) => text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;

    private static object? Find(IReadOnlyList<KeyValuePair<string, object?>> values, string name)
    {
        foreach (var (key, value) in values)
        {
            if (key == name) return value;
        }

        return null;
    }

    private static KeyValuePair<string, object?>[] Copy(IEnumerable<KeyValuePair<string, object?>> values) =>
        [.. values.Where(static pair => pair.Key != LogTemplate.Name).Select(static pair => KeyValuePair.Create(pair.Key, Copy(pair.Value)))];

    /// <summary>A value that nobody changes any more, and whose size is known.</summary>
    private static object? Copy(object? value) => value switch
    {
        null or string or bool or char or int or long or double or float or decimal or short or byte or uint or ulong or ushort or sbyte or Guid or DateTime or DateTimeOffset or TimeSpan => value,
        _ => LogJson.Text(value),
    };

    private static long Size(IReadOnlyList<KeyValuePair<string, object?>> values) =>
        values.Sum(static pair => BytesOfValue + (2L * (pair.Key.Length + ((pair.Value as string)?.Length ?? 0))));
}
