using System.ComponentModel;
using System.Diagnostics;
using OtelTelemetry.Tracing;

namespace OtelTelemetry.Instrumentation;

/// <summary>A call that is going on of a method that is measured. For generated code; ended exactly once. Nothing here throws.</summary>
/// <typeparam name="TLabels">The labels of its metrics.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct MeasuredCall<TLabels>
    where TLabels : struct, IMeasuredLabels<TLabels>
{
    private readonly MeasuredMethod<TLabels> _method;
    private readonly TLabels _labels;
    private readonly Activity? _span;
    private readonly Activity? _previous;
    private readonly long _started;

    internal MeasuredCall(MeasuredMethod<TLabels> method, in TLabels labels, Activity? span, Activity? previous)
    {
        _method = method;
        _labels = labels;
        _span = span;
        _previous = previous;
        if (method.Duration is not null) _started = TimeProvider.System.GetTimestamp();
    }

    /// <summary>Whether attributes will be seen by anyone.</summary>
    public bool IsRecording => _span?.IsAllDataRequested ?? false;

    /// <summary>Sets an attribute of the span.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Its value.</param>
    public void SetAttribute(string name, object? value) => _span?.SetTag(name, value);

    /// <summary>Ends a call that came to its end.</summary>
    public void End() => End(in _labels);

    /// <summary>Ends a call by the exception that leaves it.</summary>
    /// <param name="exception">The exception.</param>
    public void Fail(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        new SpanScope(_span).RecordException(exception);
        if (_method.Counter is null && _method.Duration is null) _span?.Dispose();
        else End(_labels.WithError(exception.GetType().FullName ?? exception.GetType().Name));
    }

    /// <summary>Ends the call when its task is over.</summary>
    /// <param name="task">What the method returned.</param>
    /// <returns>The same task if it is over well already, else one that ends with it.</returns>
    public Task EndAsync(Task task)
    {
        if (task is null || task.IsCompletedSuccessfully)
        {
            End();
            return task!;
        }

        Leave();
        return AwaitAsync(new ValueTask(task)).AsTask();
    }

    /// <inheritdoc cref="EndAsync(Task)"/>
    /// <typeparam name="TResult">The type of the task's result.</typeparam>
    public Task<TResult> EndAsync<TResult>(Task<TResult> task)
    {
        if (task is null || task.IsCompletedSuccessfully)
        {
            End();
            return task!;
        }

        Leave();
        return AwaitAsync(new ValueTask<TResult>(task)).AsTask();
    }

    /// <inheritdoc cref="EndAsync(Task)"/>
    public ValueTask EndAsync(ValueTask task)
    {
        if (task.IsCompletedSuccessfully)
        {
            End();
            return task;
        }

        Leave();
        return AwaitAsync(task);
    }

    /// <inheritdoc cref="EndAsync{TResult}(Task{TResult})"/>
    public ValueTask<TResult> EndAsync<TResult>(ValueTask<TResult> task)
    {
        if (task.IsCompletedSuccessfully)
        {
            End();
            return task;
        }

        Leave();
        return AwaitAsync(task);
    }

    private void End(in TLabels labels)
    {
        // The span is the current one while the metrics are recorded, so that their exemplars lead to it.
        if (_span is not null && Activity.Current != _span) Activity.Current = _span;
        _method.Duration?.Observe(in labels, TimeProvider.System.GetElapsedTime(_started).TotalSeconds);
        _method.Counter?.Inc(in labels);
        _span?.Dispose();
    }

    /// <summary>The caller goes on while the call does: what it starts now is not part of the call.</summary>
    private void Leave()
    {
        if (_span is not null) Activity.Current = _previous;
    }

    // The state machine of an asynchronous value task is a task already: those of both kinds go this way, at no cost.
    private async ValueTask AwaitAsync(ValueTask task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fail(exception);
            throw;
        }

        End();
    }

    private async ValueTask<TResult> AwaitAsync<TResult>(ValueTask<TResult> task)
    {
        TResult result;
        try
        {
            result = await task.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fail(exception);
            throw;
        }

        End();
        return result;
    }
}
