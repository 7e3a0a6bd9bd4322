namespace OtelTelemetry.Delivery;

/// <summary>An outbox in memory, which ends with the process. The bounds of the destinations bound it. Thread-safe.</summary>
internal sealed class MemoryOutbox : IOutbox
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, OutboxItem> _items = [];
    private long _last;

    public bool IsDurable => false;

    public IReadOnlyList<long> Append(IReadOnlyList<OutboxItem> items)
    {
        var ids = new long[items.Count];
        lock (_gate)
        {
            for (var i = 0; i < ids.Length; i++) _items.Add(ids[i] = ++_last, items[i]);
        }

        return ids;
    }

    public OutboxItem? Read(long id)
    {
        lock (_gate) return _items.GetValueOrDefault(id);
    }

    public void Remove(IReadOnlyList<long> ids)
    {
        lock (_gate)
        {
            foreach (var id in ids) _items.Remove(id);
        }
    }

    public IReadOnlyList<OutboxEntry> Adopt(string destination) => [];

    public IReadOnlyList<OutboxEntry> RemoveAbandoned(DateTimeOffset before) => [];

    public void Dispose()
    {
        lock (_gate) _items.Clear();
    }
}
