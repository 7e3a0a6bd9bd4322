using System.Globalization;

namespace OtelTelemetry.Delivery;

/// <summary>What became of everything one destination was given, at one moment. Items are spans, metric points and log records.
/// <see cref="Accepted"/> + <see cref="Adopted"/> = <see cref="Delivered"/> + everything in <see cref="Dropped"/> + <see cref="PendingItems"/>. Immutable.</summary>
public sealed record DestinationReport
{
    /// <summary>The destination's name.</summary>
    public required string Name { get; init; }

    /// <summary>traces, metrics or logs.</summary>
    public required string Signal { get; init; }

    /// <summary>Items given to it, those included that the queue in front of the exporter refused.</summary>
    public long Accepted { get; init; }

    /// <summary>Items taken over from processes that ended.</summary>
    public long Adopted { get; init; }

    /// <summary>Items the backend took.</summary>
    public long Delivered { get; init; }

    /// <summary>Items given up, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Dropped { get; init; }

    /// <summary>Items that wait or are on their way.</summary>
    public long PendingItems { get; init; }

    /// <summary>Requests that wait or are on their way.</summary>
    public long PendingRequests { get; init; }

    /// <summary>Their bytes.</summary>
    public long PendingBytes { get; init; }

    /// <summary>How long the oldest waits; null when none does.</summary>
    public TimeSpan? OldestAge { get; init; }

    /// <summary>Requests sent.</summary>
    public long Attempts { get; init; }

    /// <summary>Requests sent that the backend did not take.</summary>
    public long FailedAttempts { get; init; }

    /// <summary>What went wrong last, without secrets; null when nothing did.</summary>
    public string? LastError { get; init; }

    /// <summary>When it went wrong.</summary>
    public DateTimeOffset? LastErrorTime { get; init; }

    /// <summary>Whether the last attempt failed, so that requests wait.</summary>
    public bool IsDown { get; init; }

    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        var dropped = Dropped.Count == 0 ? "0" : string.Join(", ", Dropped.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"));
        var oldest = OldestAge is { } age ? string.Create(CultureInfo.InvariantCulture, $", the oldest {age.TotalSeconds:0} s") : "";
        var adopted = Adopted > 0 ? $" + adopted {Adopted}" : "";
        var error = LastError is null ? "" : $"; last error {LastErrorTime?.ToString("u", CultureInfo.InvariantCulture)}: {LastError}";
        return $"{Name} ({Signal}, {(IsDown ? "down" : "up")}): accepted {Accepted}{adopted} = delivered {Delivered} + dropped {dropped} + pending {PendingItems} "
            + $"({PendingRequests} requests, {PendingBytes} bytes{oldest}); attempts {Attempts}, failed {FailedAttempts}{error}";
    }
}
