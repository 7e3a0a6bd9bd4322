namespace OtelTelemetry.Collectors;

/// <summary>Why a collector left a measurement out: the values of <c>reason</c> in <c>telemetry_dropped_total</c>, and the keys of
/// <see cref="CollectorStatistics.Dropped"/>. A collector of your own may use others.</summary>
public static class CollectorDropReasons
{
    /// <summary>Sampling left it out; those it kept stand for it.</summary>
    public const string SampledOut = "sampled_out";

    /// <summary>It was above a rate limit.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>A buffer was full.</summary>
    public const string BufferFull = "buffer_full";

    /// <summary>The value was not a number.</summary>
    public const string NotANumber = "not_a_number";

    /// <summary>The value was positive or negative infinity.</summary>
    public const string Infinite = "infinite";

    /// <summary>A counter was given a negative amount.</summary>
    public const string NegativeIncrement = "negative_increment";

    /// <summary>A tag is no label of the metric.</summary>
    public const string LabelMismatch = "label_mismatch";

    /// <summary>The name, or a tag's name, is not allowed.</summary>
    public const string InvalidName = "invalid_name";

    /// <summary>The metric was not registered, and the rule for such metrics makes none.</summary>
    public const string Unregistered = "unregistered";

    /// <summary>The metric was not registered, and as many as may be were made already.</summary>
    public const string TooManyMetrics = "too_many_metrics";

    /// <summary>A collector or sink threw.</summary>
    public const string Failed = "failed";

    /// <summary>A sink took longer than it may.</summary>
    public const string TimedOut = "timed_out";

    /// <summary>It came after the end.</summary>
    public const string Stopped = "stopped";
}
