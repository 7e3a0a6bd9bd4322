using OpenTelemetry;
using OtelTelemetry.Diagnostics;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace OtelTelemetry.Delivery;

/// <summary>Sends the requests of one queue in the background, one after the other, and comes back to what failed. Whoever adds to the
/// queue never waits for it.</summary>
internal sealed class DeliveryPump : IAsyncDisposable
{
    /// <summary>How long the end waits for an attempt that was called off.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(200);

    private readonly DeliveryOptions _options;
    private readonly DeliveryQueue _queue;
    private readonly DeliveryAccount _account;
    private readonly IDeliverySender _sender;
    private readonly DeliveryCircuits _circuits;
    private readonly bool _keepsBacklog;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly ResiliencePipeline<DeliveryOutcome> _retry;
    private readonly ITimer _timer;
    private readonly Task _running;
    private TaskCompletionSource _settled = NewSettled();
    private int _maintenanceIsDue = 1;

    public DeliveryPump(
        DeliveryOptions options, DeliveryQueue queue, DeliveryAccount account, IDeliverySender sender, DeliveryCircuits circuits, bool keepsBacklog, TimeProvider time)
    {
        _options = options;
        _queue = queue;
        _account = account;
        _sender = sender;
        _circuits = circuits;
        _keepsBacklog = keepsBacklog;
        _time = time;
        _retry = new ResiliencePipelineBuilder<DeliveryOutcome> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<DeliveryOutcome>
            {
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Result.Result == DeliveryResult.Failed),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.Backoff,
                MaxDelay = options.MaxBackoff,
                DelayGenerator = static arguments => ValueTask.FromResult(arguments.Outcome.Result.RetryAfter),
            })
            .Build();
        _timer = time.CreateTimer(static state => ((DeliveryPump)state!).OnTime(), this, options.PollInterval, options.PollInterval);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Says that there is work.</summary>
    public void Wake()
    {
        try
        {
            if (_signal.CurrentCount == 0) _signal.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else has just said it, or it is over.
        }
    }

    /// <summary>Waits until everything is delivered, or the backend is away.</summary>
    /// <returns>Whether everything is delivered.</returns>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var settled = Volatile.Read(ref _settled);
            if (!_queue.HasWork) return true;
            if (_queue.IsDown || _running.IsCompleted) return false;
            await Task.WhenAny(settled.Task, _running).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends what is left, within the time there is, and ends. What a backend that is away has not taken stays in the queue.</summary>
    public async Task StopAsync(TimeSpan budget)
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (budget > TimeSpan.Zero) await EndedWithin(budget).ConfigureAwait(false);
        await _abort.CancelAsync().ConfigureAwait(false);
        await EndedWithin(s_grace).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        if (!_running.IsCompleted) return;
        _stopping.Dispose();
        _abort.Dispose();
        _signal.Dispose();
    }

    private static TaskCompletionSource NewSettled() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task<Task> EndedWithin(TimeSpan time) => Task.WhenAny(_running, Task.Delay(time));

    private void OnTime()
    {
        Interlocked.Exchange(ref _maintenanceIsDue, 1);
        Wake();
    }

    private async Task RunAsync()
    {
        // Sending telemetry makes none.
        using var suppressed = SuppressInstrumentationScope.Begin();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var outcome = await _retry.ExecuteAsync(static (pump, _) => pump.DeliverNextAsync(), this, _stopping.Token).ConfigureAwait(false);
                if (outcome.Result == DeliveryResult.Idle) await _signal.WaitAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                TelemetryErrors.Report(Diagnostic.DeliveryFailed, _account.Destination, "the delivery failed in a way that was not foreseen", "See the cause; it goes on", exception);
                await WaitAfterSurprise().ConfigureAwait(false);
            }
        }

        // The last turn. Who has a durable outbox need not hold up the end for a backend that is away.
        if (_keepsBacklog && _queue.IsDown) return;
        while (!_abort.IsCancellationRequested && (await DeliverNextAsync().ConfigureAwait(false)).Result is DeliveryResult.Delivered or DeliveryResult.Refused)
        {
        }
    }

    private async ValueTask<DeliveryOutcome> DeliverNextAsync()
    {
        PendingRequest? request;
        try
        {
            if (Interlocked.Exchange(ref _maintenanceIsDue, 0) == 1) _queue.Maintain(_sender.Knows);
            request = _queue.Take();
        }
        catch (OutboxException exception)
        {
            TelemetryErrors.Report(Diagnostic.OutboxUnavailable, "outbox", $"the outbox cannot be read: {exception.Message}", "Requests in it wait until it can be read again", exception);
            return Settled(DeliveryOutcome.Failed($"the outbox cannot be read: {exception.Message}", wasSent: false));
        }

        if (request is null) return Settled(new DeliveryOutcome(DeliveryResult.Idle));
        var wasDown = _queue.IsDown;
        var outcome = await SendAsync(request).ConfigureAwait(false);
        _account.Attempted(outcome, _time.GetUtcNow());
        switch (outcome.Result)
        {
            case DeliveryResult.Delivered:
                _queue.Delivered(request, outcome.Rejected, outcome.IsBodyFree);
                if (outcome is { Error: { } partly, Refusal: null }) TelemetryErrors.Report(Diagnostic.ItemsRejected, _account.Destination, partly, "See what the backend says about them");
                break;
            case DeliveryResult.Refused when outcome.Reason == DeliveryDropReasons.TooLarge && TrySplit(request):
                TelemetryErrors.Report(Diagnostic.RequestSplit, _account.Destination, $"a request was too large, and is sent in two parts: {outcome.Error}", "Nothing is lost. A smaller Delivery:MaxRequestBytes saves the attempts");
                break;
            case DeliveryResult.Refused:
                _queue.Refused(request, outcome.Reason!);
                // Loudly once also where an outage came before: it loses data until somebody mends it.
                TelemetryErrors.Report(Diagnostic.RequestRefused,
                    _account.Destination, $"a request was refused and is dropped: {outcome.Error}", "Check address, keys and limits of the backend; it is not tried again", kind: "refused");
                break;
            default:
                if (outcome.Rest is { } rest) request = _queue.Shrink(request, rest, outcome.Rejected);
                _queue.Failed(request, outcome.WasSent);
                if (!wasDown) TelemetryErrors.Report(Diagnostic.BackendUnavailable, _account.Destination, $"a request was not delivered: {outcome.Error}", "It is kept and tried again");
                break;
        }

        // Loudly once also where an outage came before, as for whole requests.
        if (outcome.Refusal is { } refusal) TelemetryErrors.Report(Diagnostic.ItemsRejected, _account.Destination, refusal.Problem, refusal.Remedy, kind: "refused");
        _account.ShowOldest(_queue.Oldest);
        return Settled(outcome);
    }

    private bool TrySplit(PendingRequest request) =>
        _sender.SplitterOf(request.Route)?.Halve(request.Item!) is { } halves && _queue.Split(request, halves.First, halves.Second);

    private async ValueTask<DeliveryOutcome> SendAsync(PendingRequest request)
    {
        using var timeout = new CancellationTokenSource(_options.AttemptTimeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _abort.Token);
        try
        {
            return await _circuits.Of(_sender.ServerOf(request.Route)).ExecuteAsync(
                static (state, cancellationToken) => state.This.AttemptAsync(state.Item, cancellationToken), (This: this, Item: request.Item!), limit.Token).ConfigureAwait(false);
        }
        catch (BrokenCircuitException exception)
        {
            return DeliveryOutcome.Failed("the server is away", exception.RetryAfter, wasSent: false);
        }
        catch (OperationCanceledException)
        {
            // The end of the application, or of the time before anything was sent.
            return DeliveryOutcome.Failed("the attempt was called off", wasSent: false);
        }
    }

    private async ValueTask<DeliveryOutcome> AttemptAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        try
        {
            return await _sender.SendAsync(item, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_abort.IsCancellationRequested)
        {
            return DeliveryOutcome.Failed($"{_sender.ServerOf(item.Route)} does not answer within {_options.AttemptTimeout}", isOutage: true);
        }
    }

    private DeliveryOutcome Settled(DeliveryOutcome outcome)
    {
        Interlocked.Exchange(ref _settled, NewSettled()).TrySetResult();
        return outcome;
    }

    private async Task WaitAfterSurprise()
    {
        try
        {
            await _signal.WaitAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
