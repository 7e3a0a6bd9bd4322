using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace OtelTelemetry.Tracing;

/// <content>Blocks of code as spans. A <c>using</c> cannot see an exception that leaves it; these can: they record it, mark the span as an
/// error, and let it go on with its stack.</content>
public sealed partial class SimpleTracer
{
    /// <summary>Runs a block as a span. An exception that leaves it marks the span as an error and goes on.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="block">The block.</param>
    /// <param name="kind">The span's role. Default: internal.</param>
    public void Trace(string name, Action<SpanScope> block, ActivityKind kind = ActivityKind.Internal)
    {
        ArgumentNullException.ThrowIfNull(block);
        Trace(name, block, static (span, block) => block(span), kind);
    }

    /// <summary>Runs a block as a span, and returns its result. An exception that leaves it marks the span as an error and goes on.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="block">The block.</param>
    /// <param name="kind">The span's role. Default: internal.</param>
    public TResult Trace<TResult>(string name, Func<SpanScope, TResult> block, ActivityKind kind = ActivityKind.Internal)
    {
        ArgumentNullException.ThrowIfNull(block);
        return Trace(name, block, static (span, block) => block(span), kind);
    }

    /// <summary>Runs a block as a span. With a static lambda nothing is allocated for it.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="state">What the block needs.</param>
    /// <param name="block">The block.</param>
    /// <param name="kind">The span's role. Default: internal.</param>
    public void Trace<TState>(string name, TState state, Action<SpanScope, TState> block, ActivityKind kind = ActivityKind.Internal)
    {
        ArgumentNullException.ThrowIfNull(block);
        using var span = StartSpan(name, kind);
        try
        {
            block(span, state);
        }
        catch (Exception exception)
        {
            span.RecordException(exception);
            throw;
        }
    }

    /// <summary>Runs a block as a span, and returns its result. With a static lambda nothing is allocated for it.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="state">What the block needs.</param>
    /// <param name="block">The block.</param>
    /// <param name="kind">The span's role. Default: internal.</param>
    public TResult Trace<TState, TResult>(string name, TState state, Func<SpanScope, TState, TResult> block, ActivityKind kind = ActivityKind.Internal)
    {
        ArgumentNullException.ThrowIfNull(block);
        using var span = StartSpan(name, kind);
        try
        {
            return block(span, state);
        }
        catch (Exception exception)
        {
            span.RecordException(exception);
            throw;
        }
    }

    /// <summary>As <see cref="TraceAsync(string, Func{SpanScope, Task}, ActivityKind)"/>: an asynchronous block is never taken for a synchronous one.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="block">The block.</param>
    /// <param name="kind">The span's role. Default: internal.</param>
    [OverloadResolutionPriority(1)]
    public Task Trace(string name, Func<SpanScope, Task> block, ActivityKind kind = ActivityKind.Internal) => TraceAsync(name, block, kind);

    /// <summary>As <see cref="TraceAsync{TResult}(string, Func{SpanScope, Task{TResult}}, ActivityKind)"/>: an asynchronous block is never taken for a synchronous one.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="block">The block.</param>
    /// <param name="kind">The span's role. Default: internal.</param>
    [OverloadResolutionPriority(1)]
    public Task<TResult> Trace<TResult>(string name, Func<SpanScope, Task<TResult>> block, ActivityKind kind = ActivityKind.Internal) => TraceAsync(name, block, kind);

    /// <summary>As <see cref="TraceAsync(string, Func{SpanScope, Task}, ActivityKind)"/>, for a block that returns a value task.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="block">The block.</param>
    /// <param name="kind">The span's role. Default: internal.</param>
    public Task Trace(string name, Func<SpanScope, ValueTask> block, ActivityKind kind = ActivityKind.Internal)
    {
        ArgumentNullException.ThrowIfNull(block);
        return TraceAsync(name, block, static (span, block) => block(span).AsTask(), kind);
    }

    /// <summary>As <see cref="TraceAsync{TResult}(string, Func{SpanScope, Task{TResult}}, ActivityKind)"/>, for a block that returns a value task.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="block">The block.</param>
    /// <param name="kind">The span's role. Default: internal.</param>
    public Task<TResult> Trace<TResult>(string name, Func<SpanScope, ValueTask<TResult>> block, ActivityKind kind = ActivityKind.Internal)
    {
        ArgumentNullException.ThrowIfNull(block);
        return TraceAsync(name, block, static (span, block) => block(span).AsTask(), kind);
    }

    /// <summary>Runs an asynchronous block as a span that ends with it. An exception or cancellation that leaves it marks the span as an error and goes on.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="block">The block; the span is current in it, and not in the caller.</param>
    /// <param name="kind">The span's role. Default: internal.</param>
    public Task TraceAsync(string name, Func<SpanScope, Task> block, ActivityKind kind = ActivityKind.Internal)
    {
        ArgumentNullException.ThrowIfNull(block);
        return TraceAsync(name, block, static (span, block) => block(span), kind);
    }

    /// <summary>Runs an asynchronous block as a span that ends with it, and returns its result. An exception or cancellation that leaves it marks the span as an error and goes on.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="block">The block; the span is current in it, and not in the caller.</param>
    /// <param name="kind">The span's role. Default: internal.</param>
    public Task<TResult> TraceAsync<TResult>(string name, Func<SpanScope, Task<TResult>> block, ActivityKind kind = ActivityKind.Internal)
    {
        ArgumentNullException.ThrowIfNull(block);
        return TraceAsync(name, block, static (span, block) => block(span), kind);
    }

    /// <summary>Runs an asynchronous block as a span that ends with it. With a static lambda no closure is needed.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="state">What the block needs.</param>
    /// <param name="block">The block; the span is current in it, and not in the caller.</param>
    /// <param name="kind">The span's role. Default: internal.</param>
    public async Task TraceAsync<TState>(string name, TState state, Func<SpanScope, TState, Task> block, ActivityKind kind = ActivityKind.Internal)
    {
        ArgumentNullException.ThrowIfNull(block);
        using var span = StartSpan(name, kind);
        try
        {
            await block(span, state).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            span.RecordException(exception);
            throw;
        }
    }

    /// <summary>Runs an asynchronous block as a span that ends with it, and returns its result. With a static lambda no closure is needed.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="state">What the block needs.</param>
    /// <param name="block">The block; the span is current in it, and not in the caller.</param>
    /// <param name="kind">The span's role. Default: internal.</param>
    public async Task<TResult> TraceAsync<TState, TResult>(
        string name, TState state, Func<SpanScope, TState, Task<TResult>> block, ActivityKind kind = ActivityKind.Internal)
    {
        ArgumentNullException.ThrowIfNull(block);
        using var span = StartSpan(name, kind);
        try
        {
            return await block(span, state).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            span.RecordException(exception);
            throw;
        }
    }
}
