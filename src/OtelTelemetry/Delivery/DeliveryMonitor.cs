using System.Collections.Concurrent;
using System.Diagnostics;
using OtelTelemetry.Delivery.Otlp;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Delivery;

/// <summary>
/// Delivers everything that leaves over HTTP, keeps what collectors and exporters of other kinds retry, and knows what became of it. <see cref="TelemetryManager.Delivery"/> is the application's;
/// a program may make its own. Thread-safe.
/// </summary>
public sealed class DeliveryMonitor : IAsyncDisposable, IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<DeliveryDestination>> _destinations = new(StringComparer.Ordinal);
    private readonly DeliveryOptions _options;
    private readonly IOutbox _outbox;
    private readonly DeliveryCircuits _circuits;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private Task? _stopped;
    private int _hasLookedForAbandoned;

    /// <summary>Makes a delivery.</summary>
    /// <param name="options">The settings for destinations that have none of their own; null for the defaults.</param>
    /// <param name="outbox">Where requests wait; null for memory. Whoever made it disposes it, after this object.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    public DeliveryMonitor(DeliveryOptions? options = null, IOutbox? outbox = null, TimeProvider? timeProvider = null)
    {
        _options = options ?? new DeliveryOptions();
        _outbox = outbox ?? new MemoryOutbox();
        _time = timeProvider ?? TimeProvider.System;
        _circuits = new DeliveryCircuits(_options.BreakDuration, _time);
    }

    /// <summary>The settings for destinations that have none of their own.</summary>
    internal DeliveryOptions Options => _options;

    /// <summary>Makes a client whose requests are delivered: each is answered at once with 200, waits, is sent in the background and
    /// repeated as long as that makes sense. Requests without a body go straight to the server. Headers are taken from the request that
    /// was sent last to the same path, also for requests that waited since before; none is ever stored.</summary>
    /// <param name="destination">The destination's name in reports and metrics: lower case with underscores. Clients of one name share everything.</param>
    /// <param name="signal">What is sent: traces, metrics or logs. Default: metrics.</param>
    /// <param name="options">The destination's own settings; null for those of this object. The first client of a name decides.</param>
    /// <returns>The client. Whoever asks for it owns it; what waits does not end with it.</returns>
    public HttpClient CreateHttpClient(string destination, string signal = "metrics", DeliveryOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(destination);
        ArgumentException.ThrowIfNullOrEmpty(signal);
        if (!(options ?? _options).Enabled) return new HttpClient(CreateSocketsHandler());
        var found = GetOrAdd(destination, signal, options ?? _options, isOtlp: false, CreateInvoker);
        return new HttpClient(new DeliveryHandler(found, CreateSocketsHandler()));
    }

    /// <summary>What became of everything, now.</summary>
    public DeliveryReport GetReport() => new(
        _time.GetUtcNow(),
        [.. Destinations().Select(destination => destination.Report()).OrderBy(report => report.Name, StringComparer.Ordinal)]);

    /// <summary>Waits until everything that waits is delivered, or its backend is away.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether everything is delivered.</returns>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken = default) =>
        (await Task.WhenAll(Destinations().Select(destination => destination.FlushAsync(cancellationToken))).ConfigureAwait(false)).All(delivered => delivered);

    /// <summary>Ends after sending what can be sent within 5 seconds. What is left stays in a durable outbox for the next process, and is
    /// dropped and counted without one.</summary>
    public async ValueTask DisposeAsync() => await ShutdownAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(false);

    /// <summary>As <see cref="DisposeAsync"/>, waiting for it.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    internal Task ShutdownAsync(TimeSpan budget)
    {
        lock (_gate) return _stopped ??= StopAsync(budget);
    }

    internal DeliveryDestination GetOrAdd(string name, string signal, DeliveryOptions options, bool isOtlp, Func<HttpMessageInvoker> createClient) =>
        _destinations.GetOrAdd(name, key => Lazily(
            key, signal, options, () => new HttpDeliverySender(createClient, isOtlp, _time, isOtlp ? new OtlpSplitter(signal) : null))).Value;

    /// <summary>Makes a destination that is not reached over HTTP.</summary>
    /// <exception cref="ArgumentException">There is one of that name: what is meant for one place must not end up in another.</exception>
    internal DeliveryDestination Add(string name, string signal, DeliveryOptions options, IDeliverySender sender)
    {
        var made = Lazily(name, signal, options, () => sender);
        if (!_destinations.TryAdd(name, made)) throw new ArgumentException($"There are two destinations named '{name}'. Give each a name of its own.", nameof(name));
        return made.Value;
    }

    internal DeliveryDestination? Find(string name) => _destinations.TryGetValue(name, out var destination) ? destination.Value : null;

    /// <summary>Makes what sends the requests of a destination.</summary>
    internal static HttpMessageInvoker CreateInvoker() => new(CreateSocketsHandler());

    private static SocketsHttpHandler CreateSocketsHandler() => new()
    {
        // Name servers are asked again from time to time; sending telemetry is not traced.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ActivityHeadersPropagator = null,
    };

    private Lazy<DeliveryDestination> Lazily(string name, string signal, DeliveryOptions options, Func<IDeliverySender> createSender) => new(() =>
    {
        if (Interlocked.Exchange(ref _hasLookedForAbandoned, 1) == 0) _ = Task.Run(RemoveAbandoned);
        return new DeliveryDestination(name, signal, options with { }, _outbox, _circuits, createSender(), _time);
    });

    private IEnumerable<DeliveryDestination> Destinations() => _destinations.Values.Select(destination => destination.Value);

    /// <summary>Requests of destinations that exist no more do not stay for ever.</summary>
    private void RemoveAbandoned()
    {
        try
        {
            foreach (var entry in _outbox.RemoveAbandoned(_time.GetUtcNow() - _options.MaxAge))
            {
                TelemetryLosses.Count("unknown", entry.Destination, DeliveryDropReasons.Expired, entry.Items);
            }
        }
        catch (OutboxException exception)
        {
            TelemetryErrors.Report(Diagnostic.OutboxUnavailable, "outbox", $"the outbox cannot be read: {exception.Message}", "Requests in it wait until it can be read again", exception);
        }
    }

    private async Task StopAsync(TimeSpan budget)
    {
        // Off the caller's context: the outbox may be slow.
        await Task.Run(() => Task.WhenAll(Destinations().Select(destination => destination.StopAsync(budget)))).ConfigureAwait(false);
    }
}
