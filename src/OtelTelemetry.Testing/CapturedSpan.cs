using System.Diagnostics;
using OtelTelemetry.Testing.Internal;

namespace OtelTelemetry.Testing;

/// <summary>A span that has ended, as it was then. Immutable.</summary>
public sealed class CapturedSpan
{
    internal CapturedSpan(Activity activity)
    {
        Name = activity.DisplayName;
        OperationName = activity.OperationName;
        SourceName = activity.Source.Name;
        Kind = activity.Kind;
        Status = activity.Status;
        StatusDescription = activity.StatusDescription;
        TraceId = activity.TraceId;
        SpanId = activity.SpanId;
        ParentSpanId = activity.ParentSpanId;
        Duration = activity.Duration;
        var attributes = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in activity.EnumerateTagObjects()) attributes[name] = value;
        Attributes = attributes;
        Events = [.. activity.Events];
    }

    /// <summary>The name an exporter shows.</summary>
    public string Name { get; }

    /// <summary>The name it was started with.</summary>
    public string OperationName { get; }

    /// <summary>The name of its activity source; empty where it has none.</summary>
    public string SourceName { get; }

    /// <summary>Its kind.</summary>
    public ActivityKind Kind { get; }

    /// <summary>Its status.</summary>
    public ActivityStatusCode Status { get; }

    /// <summary>What was said of the status, or null.</summary>
    public string? StatusDescription { get; }

    /// <summary>Its attributes.</summary>
    public IReadOnlyDictionary<string, object?> Attributes { get; }

    /// <summary>Its events, recorded exceptions among them.</summary>
    public IReadOnlyList<ActivityEvent> Events { get; }

    /// <summary>The trace it belongs to.</summary>
    public ActivityTraceId TraceId { get; }

    /// <summary>Its id.</summary>
    public ActivitySpanId SpanId { get; }

    /// <summary>Its parent's id; the default value where it is a root.</summary>
    public ActivitySpanId ParentSpanId { get; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; }

    /// <summary>The span in one line, for people.</summary>
    public override string ToString() =>
        $"{Name} {Show.Attributes(Attributes)}" + (Status == ActivityStatusCode.Unset ? "" : $" status {Status}") + (ParentSpanId == default ? " (root)" : "");
}
