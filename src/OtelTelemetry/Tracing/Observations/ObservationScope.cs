using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tracing.Observations;

/// <summary>
/// Something that is observed and going on; disposing it ends span and duration. A struct: it allocates nothing of its own. Dispose it
/// once; a second time records the duration again. Nothing here throws.
/// </summary>
public readonly struct ObservationScope : IDisposable, IAsyncDisposable
{
    private readonly Observation? _observation;
    private readonly BoundHistogram? _duration;
    private readonly Outcome? _outcome;
    private readonly long _start;

    internal ObservationScope(Observation observation, BoundHistogram duration, SpanScope span)
    {
        _observation = observation;
        _duration = duration;
        Span = span;
        _outcome = observation.Logger is not null ? new Outcome() : null;
        _start = duration.Instrument.Clock.GetTimestamp();
    }

    /// <summary>The span.</summary>
    public SpanScope Span { get; }

    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed => _duration?.Instrument.Clock.GetElapsedTime(_start) ?? TimeSpan.Zero;

    /// <summary>Sets an attribute of the span alone: the place for values of which there are many, such as ids.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">A string, boolean, number, or an array of these.</param>
    public ObservationScope SetAttribute(string name, object? value)
    {
        Span.SetAttribute(name, value);
        return this;
    }

    /// <summary>Sets an attribute of the span alone to a number or boolean. Where the span is not recorded, nothing is boxed.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">A boolean or number.</param>
    public ObservationScope SetAttribute<T>(string name, T value)
        where T : struct
    {
        Span.SetAttribute(name, value);
        return this;
    }

    /// <summary>It failed: marks the span as an error, and counts the error by the exception's type. The block forms do it by themselves. Call it once.</summary>
    /// <param name="exception">What went wrong; null does nothing.</param>
    public void Fail(Exception exception)
    {
        if (exception is null) return;
        Span.RecordException(exception);
        Fail(exception.GetType().FullName ?? exception.GetType().Name, exception);
    }

    /// <summary>It failed without an exception: marks the span as an error, and counts the error by its type. Call it once.</summary>
    /// <param name="errorType">The kind of the error, of which there are few.</param>
    /// <param name="description">What went wrong, for the span and the log record. Default: none.</param>
    public void Fail(string errorType, string? description = null)
    {
        if (errorType is null) return;
        Span.SetAttribute("error.type", errorType).SetStatus(ActivityStatusCode.Error, description);
        Fail(errorType, exception: null);
        if (_outcome is not null) _outcome.Description = description;
    }

    /// <summary>Ends the span and records the duration.</summary>
    public void Dispose()
    {
        if (_duration is null) return;
        var elapsed = Elapsed;
        _duration.Observe(elapsed.TotalSeconds);
        if (_outcome is not null) ObservationLog.Write(_observation!, _duration, elapsed, _outcome);
        Span.Dispose();
    }

    /// <summary>Ends it, for <c>await using</c>. It never waits.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Fail(string errorType, Exception? exception)
    {
        if (_duration is null) return;
        _observation!.CountError(_duration, errorType);
        if (_outcome is null) return;
        _outcome.ErrorType = errorType;
        _outcome.Exception = exception;
    }

    /// <summary>What the log record will say of the end.</summary>
    internal sealed class Outcome
    {
        public string? ErrorType { get; set; }

        public string? Description { get; set; }

        public Exception? Exception { get; set; }
    }
}
