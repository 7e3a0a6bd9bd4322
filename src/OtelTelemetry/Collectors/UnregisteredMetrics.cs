using OtelTelemetry.Reading;

namespace OtelTelemetry.Collectors;

/// <summary>
/// What becomes of measurements whose name no metric has. By default a metric is made, of the kind its name speaks of:
/// <list type="bullet">
/// <item><c>_total</c> and <c>_count</c>: a counter;</item>
/// <item><c>_seconds</c>, <c>_duration</c>, <c>_time</c>, <c>_latency</c>, <c>_milliseconds</c>, <c>_ms</c>: a histogram, with the
/// collector's default buckets, in milliseconds where the name says so;</item>
/// <item>anything else: a summary, which keeps count, sum and quantiles whatever the values mean.</item>
/// </list>
/// Its labels are the names of the first measurement's tags. Immutable.
/// </summary>
public sealed record UnregisteredMetrics
{
    private static readonly (string Suffix, MetricKind Kind)[] s_names =
    [
        ("_total", MetricKind.Counter), ("_count", MetricKind.Counter),
        ("_seconds", MetricKind.Histogram), ("_duration", MetricKind.Histogram), ("_time", MetricKind.Histogram), ("_latency", MetricKind.Histogram),
        ("_milliseconds", MetricKind.Histogram), ("_ms", MetricKind.Histogram),
    ];

    /// <summary>The default: the kind is that of <see cref="KindByName"/>.</summary>
    public static UnregisteredMetrics ByName { get; } = new();

    /// <summary>Makes none: such measurements are counted as dropped, with the reason <see cref="CollectorDropReasons.Unregistered"/>.</summary>
    public static UnregisteredMetrics Reject { get; } = new() { Kind = _ => null };

    /// <summary>The kind of the metric for a name: <see cref="MetricKind.Counter"/>, <see cref="MetricKind.Gauge"/>,
    /// <see cref="MetricKind.Histogram"/> or <see cref="MetricKind.Summary"/>; null makes none. Called once a name. Default: <see cref="KindByName"/>.</summary>
    public Func<string, MetricKind?> Kind { get; init; } = name => KindByName(name);

    /// <summary>Every unregistered metric is of one kind.</summary>
    /// <param name="kind">A counter, gauge, histogram or summary.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is another kind.</exception>
    public static UnregisteredMetrics Always(MetricKind kind) => kind is MetricKind.Counter or MetricKind.Gauge or MetricKind.Histogram or MetricKind.Summary
        ? new() { Kind = _ => kind }
        : throw new ArgumentOutOfRangeException(nameof(kind), kind, "Metrics can be made as a counter, gauge, histogram or summary.");

    /// <summary>The kind a name speaks of.</summary>
    /// <param name="name">The metric's name.</param>
    public static MetricKind KindByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var (suffix, kind) in s_names)
        {
            if (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) || name.EndsWith(suffix.Replace('_', '.'), StringComparison.OrdinalIgnoreCase)) return kind;
        }

        return MetricKind.Summary;
    }

    /// <summary>Whether a name speaks of milliseconds.</summary>
    internal static bool IsInMilliseconds(string name) =>
        name.EndsWith("_ms", StringComparison.OrdinalIgnoreCase) || name.EndsWith("_milliseconds", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".ms", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".milliseconds", StringComparison.OrdinalIgnoreCase);
}
