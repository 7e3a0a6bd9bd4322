using System.Diagnostics;
using OtelTelemetry.Collectors;

namespace OtelTelemetry.Events;

/// <summary>Something that happened, with its circumstances. Immutable, as far as its value is.</summary>
public sealed class TelemetryEvent
{
    internal TelemetryEvent(
        long id, string name, object? value, MetricTags labels, IReadOnlyDictionary<string, object?>? metadata, DateTimeOffset timestamp, ActivityTraceId traceId, ActivitySpanId spanId)
    {
        Id = id;
        Name = name;
        Value = value;
        Labels = labels;
        Metadata = metadata;
        Timestamp = timestamp;
        TraceId = traceId;
        SpanId = spanId;
    }

    /// <summary>Its number: later events of the process have larger ones. Where a page of events begins (<see cref="EventQuery.After"/>).</summary>
    public long Id { get; }

    /// <summary>What happened, such as <c>user_login</c>.</summary>
    public string Name { get; }

    /// <summary>What there is to say of it; null for nothing. Of a dictionary, a copy as it was when the event was recorded.</summary>
    public object? Value { get; }

    /// <summary>The labels to find it by. They never become series of a metric, so they may have any number of values.</summary>
    public MetricTags Labels { get; }

    /// <summary>What else is known; null for nothing.</summary>
    public IReadOnlyDictionary<string, object?>? Metadata { get; }

    /// <summary>When it was recorded.</summary>
    public DateTimeOffset Timestamp { get; }

    /// <summary>The trace it was recorded in; the default value outside of one.</summary>
    public ActivityTraceId TraceId { get; }

    /// <summary>The span it was recorded in; the default value outside of one.</summary>
    public ActivitySpanId SpanId { get; }

    /// <summary>Time, name, labels and value in one line, for people.</summary>
    public override string ToString() => $"{Timestamp:O} {EventAttributes.Describe(this)}";
}
