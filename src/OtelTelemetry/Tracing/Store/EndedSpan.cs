using System.Diagnostics;

namespace OtelTelemetry.Tracing.Store;

/// <summary>A span that has ended, as it was then. Immutable, and independent of its <see cref="Activity"/>.</summary>
public sealed class EndedSpan
{
    internal EndedSpan(Activity activity)
    {
        Name = activity.DisplayName;
        Source = activity.Source.Name;
        Kind = activity.Kind;
        TraceId = activity.TraceId;
        SpanId = activity.SpanId;
        ParentSpanId = activity.ParentSpanId;
        StartTime = new DateTimeOffset(activity.StartTimeUtc);
        Duration = activity.Duration;
        Status = activity.Status;
        StatusDescription = activity.StatusDescription;
        Attributes = [.. activity.TagObjects];
        Events = [.. activity.Events];
        Links = [.. activity.Links];
    }

    /// <summary>What was done.</summary>
    public string Name { get; }

    /// <summary>The activity source's name: the tracer's.</summary>
    public string Source { get; }

    /// <summary>The span's role in the conversation of services.</summary>
    public ActivityKind Kind { get; }

    /// <summary>The trace's id.</summary>
    public ActivityTraceId TraceId { get; }

    /// <summary>The span's id.</summary>
    public ActivitySpanId SpanId { get; }

    /// <summary>The parent's id; the default for the first span of a trace.</summary>
    public ActivitySpanId ParentSpanId { get; }

    /// <summary>When it began, in UTC.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Ok, Error, or unset.</summary>
    public ActivityStatusCode Status { get; }

    /// <summary>What went wrong, where that was said.</summary>
    public string? StatusDescription { get; }

    /// <summary>The attributes, in the order they were set.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Attributes { get; }

    /// <summary>The events, in the order they were added.</summary>
    public IReadOnlyList<ActivityEvent> Events { get; }

    /// <summary>Other spans this one has to do with.</summary>
    public IReadOnlyList<ActivityLink> Links { get; }

    /// <summary>The value of an attribute; null where there is none.</summary>
    /// <param name="name">The attribute's name.</param>
    public object? GetAttribute(string name)
    {
        foreach (var (key, value) in Attributes)
        {
            if (key == name) return value;
        }

        return null;
    }

    /// <summary>Name, duration and status, for people.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name}: {Duration.TotalSeconds:0.000}s - {Status}");
}
