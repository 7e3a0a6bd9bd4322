using System.Diagnostics;

namespace OtelTelemetry.Tracing;

/// <summary>
/// A span that is going on; disposing it ends it. A struct over <see cref="System.Diagnostics.Activity"/>: it allocates nothing
/// of its own. Nothing here throws, also when the span is not recorded.
/// </summary>
/// <param name="activity">The activity, or null when nobody listens or the span was not sampled.</param>
public readonly struct SpanScope(Activity? activity) : IDisposable
{
    /// <summary>The activity, or null when nobody listens or the span was not sampled.</summary>
    public Activity? Activity => activity;

    /// <summary>Whether what is set here will be seen by anyone. Check it before computing an expensive attribute.</summary>
    public bool IsRecording => activity?.IsAllDataRequested ?? false;

    /// <summary>Sets an attribute.</summary>
    /// <param name="name">The attribute's name, as OpenTelemetry's semantic conventions spell it where they know it.</param>
    /// <param name="value">A string, boolean, number, or an array of these.</param>
    public SpanScope SetAttribute(string name, object? value)
    {
        if (IsRecording) activity!.SetTag(name, value);
        return this;
    }

    /// <summary>Adds an event at this moment.</summary>
    /// <param name="name">What happened.</param>
    /// <param name="attributes">Details.</param>
    public SpanScope AddEvent(string name, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        if (!IsRecording) return this;
        var tags = new ActivityTagsCollection();
        foreach (var (key, value) in attributes) tags[key] = value;
        activity!.AddEvent(new ActivityEvent(name, tags: tags));
        return this;
    }

    /// <summary>Records an exception as an event, and marks the span as an error.</summary>
    public SpanScope RecordException(Exception exception)
    {
        if (!IsRecording || exception is null) return this;
        activity!.AddException(exception);
        activity.SetTag("error.type", exception.GetType().FullName);
        activity.SetStatus(ActivityStatusCode.Error, exception.Message);
        return this;
    }

    /// <summary>Sets the status.</summary>
    /// <param name="status">Ok or Error.</param>
    /// <param name="description">What went wrong; only kept with Error.</param>
    public SpanScope SetStatus(ActivityStatusCode status, string? description = null)
    {
        if (IsRecording) activity!.SetStatus(status, description);
        return this;
    }

    /// <summary>Ends the span.</summary>
    public void Dispose() => activity?.Dispose();
}
