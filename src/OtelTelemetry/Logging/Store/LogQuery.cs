using Microsoft.Extensions.Logging;
using OtelTelemetry.Patterns;

namespace OtelTelemetry.Logging.Store;

/// <summary>Which log records to read, and how many. What is not set lets every record through. Immutable.</summary>
public sealed record LogQuery
{
    /// <summary>The largest <see cref="Limit"/>.</summary>
    public const int LargestLimit = 10_000;

    /// <summary>The lowest level. Default: <see cref="LogLevel.Trace"/>, all.</summary>
    public LogLevel Level { get; init; } = LogLevel.Trace;

    /// <summary>The category: its name, in which <c>*</c> stands for any text and <c>?</c> for one letter, such as <c>Shop.*</c>.</summary>
    public string? Category { get; init; }

    /// <summary>A text that is somewhere in the message, a value or the exception, without regard to case.</summary>
    public string? Text { get; init; }

    /// <summary>The trace the records were written in: 32 hexadecimal digits.</summary>
    public string? TraceId { get; init; }

    /// <summary>The earliest time, inclusive.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The latest time, exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The order. Default: <see cref="LogOrder.NewestFirst"/>.</summary>
    public LogOrder Order { get; init; }

    /// <summary>The most records that are returned: a page. From 1 to 10,000. Default: 100.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>The <see cref="StoredLog.Id"/> of the last record of the page before; null for the first page.</summary>
    public long? After { get; init; }

    /// <summary>What decides of each record.</summary>
    internal Func<StoredLog, bool> Compile()
    {
        var category = Category is null ? null : new WildcardPattern(Category, ignoreCase: false);
        return one => one.Level >= Level
            && (From is null || one.Timestamp >= From)
            && (To is null || one.Timestamp < To)
            && (After is not { } after || (Order == LogOrder.NewestFirst ? one.Id < after : one.Id > after))
            && (category is null || category.IsMatch(one.Category))
            && (TraceId is null || string.Equals(one.TraceId.ToHexString(), TraceId, StringComparison.OrdinalIgnoreCase))
            && (Text is null || one.Has(Text));
    }
}
