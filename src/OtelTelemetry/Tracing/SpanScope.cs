using System.Diagnostics;

namespace OtelTelemetry.Tracing;

/// <summary>
/// A span that is going on; disposing it ends it. A struct over <see cref="System.Diagnostics.Activity"/>: it allocates nothing
/// of its own. Nothing here throws, also when the span is not recorded.
/// </summary>
public readonly struct SpanScope : IDisposable, IAsyncDisposable
{
    // What was current before a span that begins a new trace in the middle of another; the runtime does not restore that one.
    private readonly Activity? _before;

    /// <summary>Makes the scope of an activity, from whatever source it is.</summary>
    /// <param name="activity">The activity, or null when nobody listens or the span was not sampled.</param>
    public SpanScope(Activity? activity) => Activity = activity;

    internal SpanScope(Activity? activity, Activity? before)
    {
        Activity = activity;
        _before = before;
    }

    /// <summary>The activity, or null when nobody listens or the span was not sampled.</summary>
    public Activity? Activity { get; }

    /// <summary>Whether what is set here will be seen by anyone. Check it before computing an expensive attribute.</summary>
    public bool IsRecording => Activity?.IsAllDataRequested ?? false;

    /// <summary>The context for others to continue; the default where there is no activity.</summary>
    public ActivityContext Context => Activity?.Context ?? default;

    /// <summary>The trace's id; the default where there is no activity.</summary>
    public ActivityTraceId TraceId => Activity?.TraceId ?? default;

    /// <summary>The span's id; the default where there is no activity.</summary>
    public ActivitySpanId SpanId => Activity?.SpanId ?? default;

    /// <summary>How long the span took; zero until it has ended.</summary>
    public TimeSpan Duration => Activity?.Duration ?? TimeSpan.Zero;

    /// <summary>The status that was set; unset where none was.</summary>
    public ActivityStatusCode Status => Activity?.Status ?? ActivityStatusCode.Unset;

    /// <summary>Sets an attribute.</summary>
    /// <param name="name">The attribute's name, as OpenTelemetry's semantic conventions spell it where they know it.</param>
    /// <param name="value">A string, boolean, number, or an array of these; null takes the attribute away.</param>
    public SpanScope SetAttribute(string name, object? value)
    {
        if (IsRecording && name is not null) Activity!.SetTag(name, value);
        return this;
    }

    /// <summary>Sets an attribute to a number or boolean. Where the span is not recorded, nothing is boxed.</summary>
    /// <param name="name">The attribute's name, as OpenTelemetry's semantic conventions spell it where they know it.</param>
    /// <param name="value">A boolean or number.</param>
    public SpanScope SetAttribute<T>(string name, T value)
        where T : struct
    {
        if (IsRecording && name is not null) Activity!.SetTag(name, value);
        return this;
    }

    /// <summary>Adds an event at this moment.</summary>
    /// <param name="name">What happened.</param>
    public SpanScope AddEvent(string name)
    {
        if (IsRecording && name is not null) Activity!.AddEvent(new ActivityEvent(name));
        return this;
    }

    /// <summary>Adds an event with one attribute at this moment. Where the span is not recorded, nothing is allocated.</summary>
    /// <param name="name">What happened.</param>
    /// <param name="attribute">The attribute's name.</param>
    /// <param name="value">The attribute's value.</param>
    public SpanScope AddEvent<T>(string name, string attribute, T value)
    {
        if (IsRecording && name is not null && attribute is not null)
        {
            Activity!.AddEvent(new ActivityEvent(name, tags: new ActivityTagsCollection { [attribute] = value }));
        }

        return this;
    }

    /// <summary>Adds an event at this moment.</summary>
    /// <param name="name">What happened.</param>
    /// <param name="attributes">Details.</param>
    public SpanScope AddEvent(string name, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        if (!IsRecording || name is null) return this;
        var tags = new ActivityTagsCollection();
        foreach (var (key, value) in attributes)
        {
            if (key is not null) tags[key] = value;
        }

        Activity!.AddEvent(new ActivityEvent(name, tags: tags));
        return this;
    }

    /// <summary>Records an exception as an event, and marks the span as an error: <c>error.type</c>, and the exception's message as description.</summary>
    /// <param name="exception">What went wrong; null does nothing.</param>
    public SpanScope RecordException(Exception exception)
    {
        if (!IsRecording || exception is null) return this;
        var type = exception.GetType().FullName;
        string? message = null;
        try
        {
            Activity!.AddException(exception);
            message = exception.Message;
        }
        catch (Exception)
        {
            // An exception of the application's may throw where its message is made; telemetry must not.
            Activity!.AddEvent(new ActivityEvent("exception", tags: new ActivityTagsCollection { ["exception.type"] = type }));
        }

        Activity.SetTag("error.type", type);
        Activity.SetStatus(ActivityStatusCode.Error, message);
        return this;
    }

    /// <summary>Sets the status.</summary>
    /// <param name="status">Ok or Error.</param>
    /// <param name="description">What went wrong; only kept with Error.</param>
    public SpanScope SetStatus(ActivityStatusCode status, string? description = null)
    {
        if (IsRecording) Activity!.SetStatus(status, description);
        return this;
    }

    /// <summary>Gives the trace something to carry along to the spans below and, in the header <c>baggage</c>, to the services called.
    /// Set also where the span is not recorded. Nothing secret: everybody downstream reads it.</summary>
    /// <param name="name">The name; an item of that name set on this span before is replaced.</param>
    /// <param name="value">The value; null takes the item away.</param>
    public SpanScope SetBaggage(string name, string? value)
    {
        if (name is not null) Activity?.SetBaggage(name, value);
        return this;
    }

    /// <summary>What the trace carries along under a name: the item of this span, or of the nearest above it; null where there is none.</summary>
    /// <param name="name">The name.</param>
    public string? GetBaggage(string name) => name is null ? null : Activity?.GetBaggageItem(name);

    /// <summary>Ends the span. Further calls do nothing.</summary>
    public void End() => Dispose();

    /// <summary>Ends the span at a moment that has passed.</summary>
    /// <param name="endTime">When it ended; before its start counts as its start.</param>
    public void End(DateTimeOffset endTime)
    {
        if (Activity is { IsStopped: false }) Activity.SetEndTime(endTime.UtcDateTime < Activity.StartTimeUtc ? Activity.StartTimeUtc : endTime.UtcDateTime);
        Dispose();
    }

    /// <summary>Ends the span. Further calls do nothing.</summary>
    public void Dispose()
    {
        if (Activity is not { } activity) return;
        if (_before is null)
        {
            activity.Dispose();
            return;
        }

        var isCurrent = ReferenceEquals(Activity.Current, activity);
        activity.Dispose();
        if (isCurrent) Activity.Current = _before;
    }

    /// <summary>Ends the span, for <c>await using</c>. It never waits.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
