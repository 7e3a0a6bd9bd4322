namespace OtelTelemetry.Delivery;

/// <summary>
/// Keeps requests that are not delivered yet. It decides nothing: what is stored, dropped or delivered next is decided by the
/// destination, which also keeps the bounds. A request belongs to the process that stored it, until that process ends and another
/// takes it over; so two never deliver the same one at the same time. Thread-safe.
/// </summary>
public interface IOutbox : IDisposable
{
    /// <summary>Whether what is stored outlives the process.</summary>
    bool IsDurable { get; }

    /// <summary>Stores requests, all or none.</summary>
    /// <param name="items">The requests, in their order.</param>
    /// <returns>Their ids, each more than zero, in the same order.</returns>
    /// <exception cref="OutboxException">They could not be stored.</exception>
    IReadOnlyList<long> Append(IReadOnlyList<OutboxItem> items);

    /// <summary>Reads a request that belongs to this process.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The request, or null when it is gone.</returns>
    /// <exception cref="OutboxException">The outbox could not be read.</exception>
    OutboxItem? Read(long id);

    /// <summary>Removes requests. What cannot be removed now is removed later; until then another process may deliver it again.</summary>
    /// <param name="ids">Their ids.</param>
    void Remove(IReadOnlyList<long> ids);

    /// <summary>Takes over the requests of one destination that belong to no living process.</summary>
    /// <param name="destination">The destination.</param>
    /// <returns>What they are, the oldest first.</returns>
    /// <exception cref="OutboxException">The outbox could not be read.</exception>
    IReadOnlyList<OutboxEntry> Adopt(string destination);

    /// <summary>Removes requests that belong to no living process, of any destination.</summary>
    /// <param name="before">Only those stored before this moment.</param>
    /// <returns>What they were.</returns>
    /// <exception cref="OutboxException">The outbox could not be read.</exception>
    IReadOnlyList<OutboxEntry> RemoveAbandoned(DateTimeOffset before);
}
