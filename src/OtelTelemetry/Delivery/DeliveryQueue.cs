using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Delivery;

/// <summary>
/// The requests of one destination that wait. New ones are <i>live</i>: in memory, and in the outbox as well where the mode says so.
/// After a failure, and where memory is full, they become the <i>backlog</i>, which is in the outbox only. One consumer takes requests,
/// and says of each what became of it. Every request that comes in is delivered, dropped with a reason, or still here. Thread-safe.
/// </summary>
internal sealed class DeliveryQueue
{
    /// <summary>How many bytes of live requests are held in memory before they go to the outbox.</summary>
    internal const long MaxLiveBytes = 8 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly DeliveryOptions _options;
    private readonly IOutbox _outbox;
    private readonly DeliveryAccount _account;
    private readonly TimeProvider _time;
    private readonly long _maxBytes;
    private readonly bool _inOrder;
    private readonly LinkedList<PendingRequest> _live = new();
    private readonly LinkedList<PendingRequest> _backlog = new();

    /// <summary>Requests of an ended process whose address nobody has used in this one yet.</summary>
    private readonly LinkedList<PendingRequest> _stranded = new();
    private PendingRequest? _taken;
    private long _liveBytes, _bytes;
    private int _requests;
    private bool _isDown, _isClosed, _wasLive;

    public DeliveryQueue(DeliveryOptions options, IOutbox outbox, DeliveryAccount account, TimeProvider time)
    {
        _options = options;
        _outbox = outbox;
        _account = account;
        _time = time;
        _maxBytes = options.MaxBytes ?? (outbox.IsDurable ? 256L : 16L) * 1024 * 1024;
        _inOrder = (options.Order ?? (account.Signal == "metrics" ? DeliveryOrder.InOrder : DeliveryOrder.LiveFirst)) == DeliveryOrder.InOrder;
    }

    /// <summary>Whether the last attempt failed.</summary>
    public bool IsDown
    {
        get
        {
            lock (_gate) return _isDown;
        }
    }

    /// <summary>Whether something waits that can be sent, or is on its way.</summary>
    public bool HasWork
    {
        get
        {
            lock (_gate) return _live.Count > 0 || _backlog.Count > 0 || _taken is not null;
        }
    }

    /// <summary>When the oldest request was accepted; null when none waits.</summary>
    public DateTimeOffset? Oldest
    {
        get
        {
            lock (_gate)
            {
                DateTimeOffset? oldest = _taken?.Created;
                foreach (var first in (LinkedListNode<PendingRequest>?[])[_stranded.First, _backlog.First, _live.First])
                {
                    if (first is not null && !(oldest <= first.Value.Created)) oldest = first.Value.Created;
                }

                return oldest;
            }
        }
    }

    /// <summary>Takes a request in.</summary>
    /// <param name="item">The request.</param>
    /// <param name="borrowed">The array its body is in, where that is borrowed.</param>
    /// <returns>Whether it waits now; false when it was dropped.</returns>
    public bool Add(OutboxItem item, byte[]? borrowed = null)
    {
        var request = new PendingRequest(item) { Borrowed = borrowed };
        lock (_gate)
        {
            _account.Accept(request);
            Count(request, 1);
            if (_isClosed) return Drop(request, DeliveryDropReasons.Shutdown);
            if (request.Bytes > _maxBytes) return Drop(request, DeliveryDropReasons.TooLarge);
            MakeRoom(request);
            var fits = _liveBytes + request.Bytes <= MaxLiveBytes;
            if (_options.Mode == DeliveryMode.Outbox || _isDown || !fits || IsBehindBacklog)
            {
                // While the backend is away, only what the outbox did not take is live.
                if (!fits || _isDown) Spill(null);
                Store([request]);
                fits = _liveBytes + request.Bytes <= MaxLiveBytes;
            }

            var overtakes = _inOrder && _live.Count > 0 && fits;
            if (request.Id != 0 && !overtakes && (_isDown || !fits || IsBehindBacklog))
            {
                AddToBacklog(request, first: false);
                return true;
            }

            // The outbox may have failed. As long as memory has room, that is no loss.
            if (!fits) return Drop(request, DeliveryDropReasons.OutboxFailed);
            AddToLive(request, first: false);
            return true;
        }
    }

    /// <summary>The next request to send; it stays pending until one of <see cref="Delivered"/>, <see cref="Refused"/> and <see cref="Failed"/> is called.</summary>
    /// <returns>The request, or null when none waits.</returns>
    /// <exception cref="OutboxException">The outbox could not be read; the request waits again.</exception>
    public PendingRequest? Take()
    {
        while (true)
        {
            PendingRequest? request;
            lock (_gate)
            {
                Expire();
                request = _taken = _isClosed ? null : Next();
            }

            if (request is null || request.Item is not null) return request;
            try
            {
                request.Item = _outbox.Read(request.Id);
            }
            catch
            {
                lock (_gate)
                {
                    _taken = null;
                    _isDown = true;
                    if (!request.HasEnded) AddToBacklog(request, first: true);
                }

                throw;
            }

            if (request.Item is not null) return request;
            lock (_gate)
            {
                _taken = null;
                Drop(request, DeliveryDropReasons.OutboxLost);
            }
        }
    }

    /// <summary>The backend took the request, all but some items.</summary>
    /// <param name="request">The request.</param>
    /// <param name="rejected">How many items it did not take.</param>
    /// <param name="isBodyFree">Whether nobody reads the body any more.</param>
    public void Delivered(PendingRequest request, long rejected, bool isBodyFree = false)
    {
        lock (_gate)
        {
            _taken = null;
            _isDown = false;
            if (request.HasEnded) return;
            request.HasEnded = true;
            Count(request, -1);
            _account.Deliver(request, rejected);
        }

        if (request.Id != 0) _outbox.Remove([request.Id]);
        // What was ever stored may be referred to by the outbox, and an attempt that failed may still be reading: those are left to the collector.
        else if (isBodyFree && request is { Borrowed: { } borrowed, Attempts: 0 }) RequestBody.GiveBack(borrowed);
    }

    /// <summary>The backend will never take the request. It is there all the same.</summary>
    public void Refused(PendingRequest request, string reason)
    {
        lock (_gate)
        {
            _taken = null;
            _isDown = false;
            Drop(request, reason);
        }
    }

    /// <summary>The backend takes the request in parts only: they are next, in their order.</summary>
    /// <returns>Whether they are there; false when the outbox did not take them, and the request is as it was.</returns>
    public bool Split(PendingRequest request, OutboxItem first, OutboxItem second)
    {
        lock (_gate)
        {
            if (Replace(request, [first, second]) is not { } parts) return false;
            _taken = null;
            _isDown = false;
            for (var i = parts.Count - 1; i >= 0; i--)
            {
                if (parts[i].Id != 0 && parts[i].IsBacklog) AddToBacklog(parts[i], first: true);
                else AddToLive(parts[i], first: true);
            }

            return true;
        }
    }

    /// <summary>A part of the request has been delivered, or refused for ever.</summary>
    /// <param name="request">The request.</param>
    /// <param name="rest">What is left of it.</param>
    /// <param name="rejected">How many of the items that are not left were refused.</param>
    /// <returns>What is left of it, which is taken in its place; the request itself when that could not be noted.</returns>
    public PendingRequest Shrink(PendingRequest request, OutboxItem rest, long rejected = 0)
    {
        lock (_gate)
        {
            if (Replace(request, [rest], rejected) is not { } parts) return request;
            return _taken = parts[0];
        }
    }

    /// <summary>The request waits for another attempt, and what is live with it goes to the outbox.</summary>
    /// <param name="request">The request.</param>
    /// <param name="wasSent">Whether that was an attempt.</param>
    public void Failed(PendingRequest request, bool wasSent)
    {
        lock (_gate)
        {
            _taken = null;
            _isDown = true;
            if (request.HasEnded) return;
            if (wasSent) request.Attempts++;
            if (request.Attempts >= _options.MaxAttempts)
            {
                Drop(request, DeliveryDropReasons.Attempts);
                request = null!;
            }

            Spill(request);
        }
    }

    /// <summary>Takes over what ended processes left, and drops what is too old.</summary>
    /// <param name="knows">Whether requests for an address can be sent.</param>
    /// <exception cref="OutboxException">The outbox could not be read.</exception>
    public void Maintain(Func<string, bool> knows)
    {
        var adopted = _outbox.Adopt(_account.Destination);
        lock (_gate)
        {
            Expire();
            foreach (var entry in adopted)
            {
                var request = new PendingRequest(entry);
                _account.Adopt(request);
                Count(request, 1);
                if (knows(request.Route)) Insert(request);
                else _stranded.AddLast(request);
            }

            if (adopted.Count > 0) MakeRoom(null);
        }

        _account.ShowOldest(Oldest);
    }

    /// <summary>Requests for this address can be sent from now on.</summary>
    public void RouteIsKnown(string route)
    {
        lock (_gate)
        {
            for (var node = _stranded.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.Route == route)
                {
                    _stranded.Remove(node);
                    Insert(node.Value);
                }

                node = next;
            }
        }
    }

    /// <summary>Takes nothing in any more. What waits goes to the outbox where that is durable, and is dropped where it is not.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _isClosed = true;
            if (_outbox.IsDurable)
            {
                if (_taken is { } taken) Spill(taken);
                else Spill(null);
                while (_live.First is { } node)
                {
                    RemoveFromLive(node);
                    Drop(node.Value, DeliveryDropReasons.OutboxFailed);
                }
            }
            else
            {
                if (_taken is { } taken) Drop(taken, DeliveryDropReasons.Shutdown);
                foreach (var request in _live.Concat(_backlog).Concat(_stranded)) Drop(request, DeliveryDropReasons.Shutdown);
                _live.Clear();
                _backlog.Clear();
                _stranded.Clear();
            }

            _taken = null;
        }
    }

    /// <summary>Puts others in the place of a request that is taken, in the outbox as well.</summary>
    /// <returns>They; null when the request has ended, or the outbox does not take them.</returns>
    private List<PendingRequest>? Replace(PendingRequest request, OutboxItem[] items, long rejected = 0)
    {
        if (request.HasEnded) return null;
        List<PendingRequest> parts = [.. items.Select(item => new PendingRequest(item) { IsBacklog = request.IsBacklog, Attempts = request.Attempts })];
        // First there, then gone: what is lost in between is sent twice, not never.
        if (request.Id != 0 && !Store(parts)) return null;
        request.HasEnded = true;
        Count(request, -1);
        foreach (var part in parts) Count(part, 1);
        _account.Replace(request, parts, rejected);
        if (request.Id != 0) _outbox.Remove([request.Id]);
        return parts;
    }

    private bool IsBehindBacklog => _inOrder && _backlog.Count > 0;

    private PendingRequest? Next()
    {
        // In order, the backlog is always older than what is live.
        var live = _live.First;
        var fromLive = live is not null && (_backlog.Count == 0 || (!_inOrder && !_wasLive));
        _wasLive = fromLive;
        if (fromLive)
        {
            RemoveFromLive(live!);
            return live!.Value;
        }

        var first = _backlog.First;
        if (first is not null) _backlog.RemoveFirst();
        return first?.Value;
    }

    /// <summary>Moves what is live to the backlog, behind a request that failed. What the outbox does not take stays live.</summary>
    private void Spill(PendingRequest? failed)
    {
        var toStore = _live.Where(request => request.Id == 0).ToList();
        if (failed?.Id == 0) toStore.Insert(0, failed);
        if (!Store(toStore))
        {
            if (failed is null) return;
            if (failed.Id == 0) AddToLive(failed, first: true);
            else AddToBacklog(failed, first: failed.IsBacklog || _inOrder);
            return;
        }

        if (failed is not null) AddToBacklog(failed, first: failed.IsBacklog || _inOrder);
        while (_live.First is { } node)
        {
            RemoveFromLive(node);
            AddToBacklog(node.Value, first: false);
        }
    }

    private bool Store(List<PendingRequest> requests)
    {
        if (requests.Count == 0) return true;
        try
        {
            // A borrowed array is larger than its body: an outbox in memory would keep more than is counted.
            var ids = _outbox.Append([.. requests.Select(request => request.Borrowed is null ? request.Item! : request.Item! with { Body = request.Item.Body.ToArray() })]);
            for (var i = 0; i < requests.Count; i++) requests[i].Id = ids[i];
            return true;
        }
        catch (OutboxException exception)
        {
            TelemetryErrors.Report(Diagnostic.OutboxUnavailable,
                "outbox", $"the outbox takes no requests: {exception.Message}", "Requests are kept in memory as long as there is room, and go to the outbox again when it takes them", exception);
            return false;
        }
    }

    private void MakeRoom(PendingRequest? newest)
    {
        if (_bytes <= _maxBytes && _requests <= _options.MaxRequests) return;
        var ids = new List<long>();
        while (_bytes > _maxBytes || _requests > _options.MaxRequests)
        {
            var list = _stranded.Count > 0 ? _stranded : _backlog.Count > 0 ? _backlog : _live;
            if (list.First is not { } node || node.Value == newest) break;
            if (list == _live) RemoveFromLive(node);
            else list.Remove(node);
            EndAndCount(node.Value, DeliveryDropReasons.OutboxFull, ids);
        }

        if (ids.Count > 0) _outbox.Remove(ids);
    }

    private void Expire()
    {
        var before = _time.GetUtcNow() - _options.MaxAge;
        List<long>? ids = null;
        foreach (var list in (LinkedList<PendingRequest>[])[_stranded, _backlog, _live])
        {
            while (list.First is { } node && node.Value.Created < before)
            {
                if (list == _live) RemoveFromLive(node);
                else list.Remove(node);
                EndAndCount(node.Value, DeliveryDropReasons.Expired, ids ??= []);
            }
        }

        if (ids is { Count: > 0 }) _outbox.Remove(ids);
    }

    private bool Drop(PendingRequest request, string reason)
    {
        var ids = new List<long>(1);
        EndAndCount(request, reason, ids);
        if (ids.Count > 0) _outbox.Remove(ids);
        return false;
    }

    private void EndAndCount(PendingRequest request, string reason, List<long> ids)
    {
        if (request.HasEnded) return;
        request.HasEnded = true;
        Count(request, -1);
        _account.Drop(request, reason);
        if (request.Id != 0) ids.Add(request.Id);
    }

    private void Insert(PendingRequest request)
    {
        request.IsBacklog = true;
        var after = _backlog.Last;
        while (after is not null && (after.Value.Created, after.Value.Id).CompareTo((request.Created, request.Id)) > 0) after = after.Previous;
        if (after is null) _backlog.AddFirst(request);
        else _backlog.AddAfter(after, request);
    }

    private void AddToBacklog(PendingRequest request, bool first)
    {
        // From here on it is read from the outbox.
        request.Item = null;
        request.IsBacklog = true;
        if (first) _backlog.AddFirst(request);
        else _backlog.AddLast(request);
    }

    private void AddToLive(PendingRequest request, bool first)
    {
        if (first) _live.AddFirst(request);
        else _live.AddLast(request);
        _liveBytes += request.Bytes;
    }

    private void RemoveFromLive(LinkedListNode<PendingRequest> node)
    {
        _live.Remove(node);
        _liveBytes -= node.Value.Bytes;
    }

    private void Count(PendingRequest request, int sign)
    {
        _bytes += sign * request.Bytes;
        _requests += sign;
    }
}
