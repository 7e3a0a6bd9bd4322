namespace OtelTelemetry.Delivery;

/// <summary>A request that waits. Guarded by its queue.</summary>
internal sealed class PendingRequest
{
    public PendingRequest(OutboxItem item)
    {
        Item = item;
        Route = item.Route;
        Items = item.Items;
        Bytes = item.Body.Length;
        Created = item.Created;
    }

    public PendingRequest(OutboxEntry entry)
    {
        Id = entry.Id;
        Route = entry.Route;
        Items = entry.Items;
        Bytes = entry.Bytes;
        Created = entry.Created;
        IsBacklog = true;
    }

    public string Route { get; }

    public long Items { get; }

    public long Bytes { get; }

    public DateTimeOffset Created { get; }

    /// <summary>Its id in the outbox; 0 while it is in memory only.</summary>
    public long Id { get; set; }

    /// <summary>The request itself while it is in memory.</summary>
    public OutboxItem? Item
    {
        get;
        set
        {
            field = value;
            if (value is null) Borrowed = null;
        }
    }

    /// <summary>The array its body is in, where that is borrowed.</summary>
    public byte[]? Borrowed { get; set; }

    /// <summary>Whether it waits behind a failure, and not only for its turn.</summary>
    public bool IsBacklog { get; set; }

    public int Attempts { get; set; }

    /// <summary>Whether it was delivered or dropped: it counts once.</summary>
    public bool HasEnded { get; set; }
}
