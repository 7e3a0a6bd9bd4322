using System.Runtime.CompilerServices;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tracing.Observations;

/// <summary>An <see cref="Observation"/> with its label values, resolved once. Keep it where a place always uses the same. Thread-safe.</summary>
public sealed class BoundObservation
{
    private readonly Observation _observation;
    private readonly BoundHistogram _duration;
    private readonly string[] _labels;

    internal BoundObservation(Observation observation, BoundHistogram duration, string[] labels)
    {
        _observation = observation;
        _duration = duration;
        _labels = labels;
    }

    /// <summary>Begins; disposing the result ends it. Allocates nothing beside the span's activity, and a little where it is logged.</summary>
    public ObservationScope Start() => _observation.Start(_duration, _labels);

    /// <summary>Runs a block under observation. An exception that leaves it is recorded and goes on.</summary>
    /// <param name="block">The block.</param>
    public void Observe(Action<ObservationScope> block)
    {
        ArgumentNullException.ThrowIfNull(block);
        Observe(block, static (scope, block) =>
        {
            block(scope);
            return true;
        });
    }

    /// <summary>Runs a block under observation, and returns its result. An exception that leaves it is recorded and goes on.</summary>
    /// <param name="block">The block.</param>
    public TResult Observe<TResult>(Func<ObservationScope, TResult> block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return Observe(block, static (scope, block) => block(scope));
    }

    /// <summary>Runs a block under observation, and returns its result. With a static lambda nothing is allocated for it.</summary>
    /// <param name="state">What the block needs.</param>
    /// <param name="block">The block.</param>
    public TResult Observe<TState, TResult>(TState state, Func<ObservationScope, TState, TResult> block)
    {
        ArgumentNullException.ThrowIfNull(block);
        using var scope = Start();
        try
        {
            return block(scope, state);
        }
        catch (Exception exception)
        {
            scope.Fail(exception);
            throw;
        }
    }

    /// <summary>As <see cref="ObserveAsync(Func{ObservationScope, Task})"/>: an asynchronous block is never taken for a synchronous one.</summary>
    /// <param name="block">The block.</param>
    [OverloadResolutionPriority(1)]
    public Task Observe(Func<ObservationScope, Task> block) => ObserveAsync(block);

    /// <summary>As <see cref="ObserveAsync{TResult}(Func{ObservationScope, Task{TResult}})"/>: an asynchronous block is never taken for a synchronous one.</summary>
    /// <param name="block">The block.</param>
    [OverloadResolutionPriority(1)]
    public Task<TResult> Observe<TResult>(Func<ObservationScope, Task<TResult>> block) => ObserveAsync(block);

    /// <summary>Runs an asynchronous block under observation, which ends with it. An exception that leaves it is recorded and goes on.</summary>
    /// <param name="block">The block.</param>
    public Task ObserveAsync(Func<ObservationScope, Task> block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return ObserveAsync(block, static async (scope, block) =>
        {
            await block(scope).ConfigureAwait(false);
            return true;
        });
    }

    /// <summary>Runs an asynchronous block under observation, which ends with it, and returns its result. An exception that leaves it is recorded and goes on.</summary>
    /// <param name="block">The block.</param>
    public Task<TResult> ObserveAsync<TResult>(Func<ObservationScope, Task<TResult>> block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return ObserveAsync(block, static (scope, block) => block(scope));
    }

    /// <summary>Runs an asynchronous block under observation, which ends with it, and returns its result. With a static lambda no closure is needed.</summary>
    /// <param name="state">What the block needs.</param>
    /// <param name="block">The block.</param>
    public async Task<TResult> ObserveAsync<TState, TResult>(TState state, Func<ObservationScope, TState, Task<TResult>> block)
    {
        ArgumentNullException.ThrowIfNull(block);
        using var scope = Start();
        try
        {
            return await block(scope, state).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            scope.Fail(exception);
            throw;
        }
    }
}
