using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Delivery;

/// <summary>Counts what becomes of everything one destination is given. At every moment accepted + adopted = delivered + dropped + pending. Thread-safe.</summary>
internal sealed class DeliveryAccount(string destination, string signal)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _dropped = new(StringComparer.Ordinal);
    private readonly DeliveryMetrics _metrics = new(destination, signal);
    private long _accepted, _adopted, _delivered, _pendingItems, _pendingRequests, _pendingBytes, _attempts, _failedAttempts;
    private string? _lastError;
    private DateTimeOffset? _lastErrorTime;

    public string Destination => destination;

    public string Signal => signal;

    /// <summary>A request came in.</summary>
    public void Accept(PendingRequest request)
    {
        lock (_gate)
        {
            _accepted += request.Items;
            AddPending(request, 1);
        }

        _metrics.Accepted.Inc(request.Items);
    }

    /// <summary>A request was taken over from a process that ended.</summary>
    public void Adopt(PendingRequest request)
    {
        lock (_gate)
        {
            _adopted += request.Items;
            AddPending(request, 1);
        }

        _metrics.Adopted.Inc(request.Items);
    }

    /// <summary>Items were refused before they became a request.</summary>
    public void Refuse(long items, string reason)
    {
        lock (_gate)
        {
            _accepted += items;
            AddDropped(items, reason);
        }

        _metrics.Accepted.Inc(items);
        TelemetryLosses.Count(signal, destination, reason, items);
    }

    /// <summary>Items were taken without becoming a request.</summary>
    public void Pass(long items)
    {
        lock (_gate)
        {
            _accepted += items;
            _delivered += items;
        }

        _metrics.Accepted.Inc(items);
        _metrics.Delivered.Inc(items);
    }

    /// <summary>A request was delivered, all but some of its items.</summary>
    public void Deliver(PendingRequest request, long rejected)
    {
        rejected = Math.Clamp(rejected, 0, request.Items);
        lock (_gate)
        {
            AddPending(request, -1);
            _delivered += request.Items - rejected;
            if (rejected > 0) AddDropped(rejected, DeliveryDropReasons.Rejected);
        }

        _metrics.Delivered.Inc(request.Items - rejected);
        if (rejected > 0) TelemetryLosses.Count(signal, destination, DeliveryDropReasons.Rejected, rejected);
    }

    /// <summary>Others are there in place of a request. Items that are in none of them were delivered, all but those that were refused.</summary>
    public void Replace(PendingRequest request, IReadOnlyList<PendingRequest> parts, long rejected = 0)
    {
        var delivered = request.Items;
        lock (_gate)
        {
            AddPending(request, -1);
            foreach (var part in parts)
            {
                AddPending(part, 1);
                delivered -= part.Items;
            }

            rejected = Math.Clamp(rejected, 0, Math.Max(0, delivered));
            delivered -= rejected;
            _delivered += delivered;
            if (rejected > 0) AddDropped(rejected, DeliveryDropReasons.Rejected);
        }

        _metrics.Delivered.Inc(delivered);
        if (rejected > 0) TelemetryLosses.Count(signal, destination, DeliveryDropReasons.Rejected, rejected);
    }

    /// <summary>A request was given up.</summary>
    public void Drop(PendingRequest request, string reason)
    {
        lock (_gate)
        {
            AddPending(request, -1);
            AddDropped(request.Items, reason);
        }

        TelemetryLosses.Count(signal, destination, reason, request.Items);
    }

    public void Attempted(DeliveryOutcome outcome, DateTimeOffset now)
    {
        var failed = outcome.Result != DeliveryResult.Delivered;
        lock (_gate)
        {
            if (outcome.WasSent) _attempts++;
            if (outcome.WasSent && failed) _failedAttempts++;
            // That nobody asked a server that is away must not hide why it is.
            if (outcome.Error is { } error && (outcome.WasSent || _lastError is null)) (_lastError, _lastErrorTime) = (error, now);
        }

        if (outcome.WasSent) (failed ? _metrics.FailedAttempts : _metrics.GoodAttempts).Inc();
    }

    /// <summary>Shows what waits longest.</summary>
    public void ShowOldest(DateTimeOffset? oldest) => _metrics.Oldest.Set(oldest is { } time ? time.ToUnixTimeMilliseconds() / 1000.0 : 0);

    public DestinationReport Report(DateTimeOffset now, DateTimeOffset? oldest, bool isDown)
    {
        lock (_gate)
        {
            return new DestinationReport
            {
                Name = destination,
                Signal = signal,
                Accepted = _accepted,
                Adopted = _adopted,
                Delivered = _delivered,
                Dropped = new Dictionary<string, long>(_dropped, StringComparer.Ordinal),
                PendingItems = _pendingItems,
                PendingRequests = _pendingRequests,
                PendingBytes = _pendingBytes,
                OldestAge = _pendingRequests > 0 && oldest is { } time ? now - time : null,
                Attempts = _attempts,
                FailedAttempts = _failedAttempts,
                LastError = _lastError,
                LastErrorTime = _lastErrorTime,
                IsDown = isDown,
            };
        }
    }

    private void AddPending(PendingRequest request, int sign)
    {
        _pendingItems += sign * request.Items;
        _pendingBytes += sign * request.Bytes;
        _pendingRequests += sign;
        _metrics.PendingItems.Set(_pendingItems);
        _metrics.PendingBytes.Set(_pendingBytes);
    }

    private void AddDropped(long items, string reason) => _dropped[reason] = _dropped.GetValueOrDefault(reason) + items;
}
