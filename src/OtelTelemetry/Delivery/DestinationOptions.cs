namespace OtelTelemetry.Delivery;

/// <summary>What one destination sets for itself (for example section <c>Telemetry:Exporters:RemoteWrite:Delivery</c>). What is null is taken
/// from <c>Telemetry:Delivery</c> (<see cref="DeliveryOptions"/>). The values are copied when the destination is made.</summary>
public sealed record DestinationOptions
{
    /// <summary>Whether its requests are delivered in the background. Default: null.</summary>
    public bool? Enabled { get; set; }

    /// <summary>When a request is written to the outbox. Default: null.</summary>
    public DeliveryMode? Mode { get; set; }

    /// <summary>What is delivered first. Default: null.</summary>
    public DeliveryOrder? Order { get; set; }

    /// <summary>The most time one attempt may take; more than zero. Default: null.</summary>
    public TimeSpan? AttemptTimeout { get; set; }

    /// <summary>The most attempts for one request; at least 1. Default: null.</summary>
    public int? MaxAttempts { get; set; }

    /// <summary>About how long the first repetition waits; more than zero. Default: null.</summary>
    public TimeSpan? Backoff { get; set; }

    /// <summary>The longest a repetition waits; at least <see cref="Backoff"/>, at most a day. Default: null.</summary>
    public TimeSpan? MaxBackoff { get; set; }

    /// <summary>The most bytes that wait, of this process; at least 1. Default: null.</summary>
    public long? MaxBytes { get; set; }

    /// <summary>The most requests that wait, of this process; at least 1. Default: null.</summary>
    public int? MaxRequests { get; set; }

    /// <summary>The longest a request waits; more than zero. Default: null.</summary>
    public TimeSpan? MaxAge { get; set; }

    /// <summary>The most bytes of one request before it is compressed; larger ones are split. At least 1024. Default: null.</summary>
    public long? MaxRequestBytes { get; set; }

    /// <summary>Whether bodies that are not compressed are compressed with gzip. Default: null.</summary>
    public bool? Gzip { get; set; }

    /// <summary>The settings of the destination: its own, and for what it does not set those for all.</summary>
    internal DeliveryOptions Over(DeliveryOptions all) => all with
    {
        Enabled = Enabled ?? all.Enabled,
        Mode = Mode ?? all.Mode,
        Order = Order ?? all.Order,
        AttemptTimeout = AttemptTimeout ?? all.AttemptTimeout,
        MaxAttempts = MaxAttempts ?? all.MaxAttempts,
        Backoff = Backoff ?? all.Backoff,
        MaxBackoff = MaxBackoff ?? all.MaxBackoff,
        MaxBytes = MaxBytes ?? all.MaxBytes,
        MaxRequests = MaxRequests ?? all.MaxRequests,
        MaxAge = MaxAge ?? all.MaxAge,
        MaxRequestBytes = MaxRequestBytes ?? all.MaxRequestBytes,
        Gzip = Gzip ?? all.Gzip,
    };

    internal void CopyTo(DestinationOptions other)
    {
        other.Enabled = Enabled;
        other.Mode = Mode;
        other.Order = Order;
        other.AttemptTimeout = AttemptTimeout;
        other.MaxAttempts = MaxAttempts;
        other.Backoff = Backoff;
        other.MaxBackoff = MaxBackoff;
        other.MaxBytes = MaxBytes;
        other.MaxRequests = MaxRequests;
        other.MaxAge = MaxAge;
        other.MaxRequestBytes = MaxRequestBytes;
        other.Gzip = Gzip;
    }

    /// <summary>What is wrong with the settings: the property, the problem, the remedy.</summary>
    internal IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (Mode is { } mode && !Enum.IsDefined(mode)) yield return (nameof(Mode), $"{mode} is not defined", "Allowed: OnFailure, Outbox");
        if (Order is { } order && !Enum.IsDefined(order)) yield return (nameof(Order), $"{order} is not defined", "Allowed: InOrder, LiveFirst");
        foreach (var (name, time) in new[] { (nameof(AttemptTimeout), AttemptTimeout), (nameof(Backoff), Backoff), (nameof(MaxBackoff), MaxBackoff), (nameof(MaxAge), MaxAge) })
        {
            if (time <= TimeSpan.Zero) yield return (name, $"{time} is not more than zero", "Allowed: more than 0, such as 10s");
        }

        if (AttemptTimeout > TimeSpan.FromDays(24)) yield return (nameof(AttemptTimeout), $"{AttemptTimeout} is too long", "Allowed: more than 0, at most 24 days");
        if (MaxBackoff > TimeSpan.FromDays(1)) yield return (nameof(MaxBackoff), $"{MaxBackoff} is too long", "Allowed: at most a day");
        if (Backoff > (MaxBackoff ?? TimeSpan.FromDays(1))) yield return (nameof(Backoff), $"{Backoff} is longer than the longest wait", "Allowed: at most MaxBackoff, and at most a day");
        if (MaxAttempts < 1) yield return (nameof(MaxAttempts), $"{MaxAttempts} is less than 1", "Allowed: 1 and more");
        if (MaxRequests < 1) yield return (nameof(MaxRequests), $"{MaxRequests} is less than 1", "Allowed: 1 and more");
        if (MaxBytes < 1) yield return (nameof(MaxBytes), $"{MaxBytes} is less than 1", "Allowed: 1 and more, such as 64MiB");
        if (MaxRequestBytes < DeliveryOptions.LeastRequestBytes) yield return (nameof(MaxRequestBytes), $"{MaxRequestBytes} bytes hold nothing", "Allowed: from 1024, such as 4MiB");
    }
}
