using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Testing.Internal;

namespace OtelTelemetry.Testing;

/// <summary>A log record. Immutable.</summary>
public sealed class CapturedLog
{
    internal CapturedLog(
        string category, LogLevel level, EventId eventId, string message, IReadOnlyDictionary<string, object?> values, string? template, Exception? exception, IReadOnlyList<string> scopes)
    {
        Category = category;
        Level = level;
        EventId = eventId;
        Message = message;
        Values = values;
        Template = template;
        Exception = exception;
        Scopes = scopes;
        TraceId = Activity.Current?.TraceId ?? default;
        SpanId = Activity.Current?.SpanId ?? default;
    }

    /// <summary>The logger's category.</summary>
    public string Category { get; }

    /// <summary>The level.</summary>
    public LogLevel Level { get; }

    /// <summary>The event id.</summary>
    public EventId EventId { get; }

    /// <summary>The finished text.</summary>
    public string Message { get; }

    /// <summary>The template the text was made of, such as <c>sold {Book}</c>; null where there was none.</summary>
    public string? Template { get; }

    /// <summary>The template's values by name.</summary>
    public IReadOnlyDictionary<string, object?> Values { get; }

    /// <summary>The exception, or null.</summary>
    public Exception? Exception { get; }

    /// <summary>The scopes it was written in, as text, outermost first.</summary>
    public IReadOnlyList<string> Scopes { get; }

    /// <summary>The trace it was written in; the default value outside of one.</summary>
    public ActivityTraceId TraceId { get; }

    /// <summary>The span it was written in; the default value outside of one.</summary>
    public ActivitySpanId SpanId { get; }

    /// <summary>The record in one line, for people.</summary>
    public override string ToString() =>
        $"{Level} {Category}: {Message} {Show.Attributes(Values)}" + (Exception is null ? "" : $" {Exception.GetType().Name}: {Exception.Message}");
}
