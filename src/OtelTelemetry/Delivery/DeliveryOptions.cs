namespace OtelTelemetry.Delivery;

/// <summary>
/// How what leaves over HTTP is delivered (section <c>Telemetry:Delivery</c>). The bounds hold for each destination by itself. The values
/// are copied when a destination is made.
/// </summary>
public sealed record DeliveryOptions
{
    /// <summary>The least of <see cref="MaxRequestBytes"/>.</summary>
    internal const int LeastRequestBytes = 1024;

    /// <summary>Whether requests are delivered in the background, with retries and an outbox. When false, each is tried once by whoever
    /// sends it. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>When a request is written to the outbox. Default: <see cref="DeliveryMode.OnFailure"/>.</summary>
    public DeliveryMode Mode { get; set; } = DeliveryMode.OnFailure;

    /// <summary>What is delivered first. Default: null, which is <see cref="DeliveryOrder.InOrder"/> for metrics, and
    /// <see cref="DeliveryOrder.LiveFirst"/> for spans and log records.</summary>
    public DeliveryOrder? Order { get; set; }

    /// <summary>The most time one attempt may take; more than zero. By OTLP, <c>Telemetry:Otlp:Timeout</c> says it. Default: 10 seconds.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most attempts for one request; at least 1. Default: null, which is until it is older than <see cref="MaxAge"/>.</summary>
    public int? MaxAttempts { get; set; }

    /// <summary>About how long the first repetition waits; each further one waits about twice as long. A backend that says itself when to
    /// come back (Retry-After) is obeyed, for an hour at most. More than zero. Default: 1 second.</summary>
    public TimeSpan Backoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest a repetition waits; at least <see cref="Backoff"/>. Default: 30 seconds.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a server that failed is left alone by all destinations on it, from 500 ms to a day. Default: 5 seconds.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most bytes that wait, of this process. Past it the oldest requests are dropped and counted. At least 1.
    /// Default: null, which is 256 MiB in a durable outbox and 16 MiB in memory.</summary>
    public long? MaxBytes { get; set; }

    /// <summary>The most requests that wait, of this process. Past it the oldest are dropped and counted. At least 1. Default: 100,000.</summary>
    public int MaxRequests { get; set; } = 100_000;

    /// <summary>The longest a request waits; then it is dropped and counted. More than zero. Default: 24 hours.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How often the outbox is looked through for what is too old, and for what ended processes have left. More than zero. Default: 10 seconds.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most bytes of one request before it is compressed. A larger one is split where the protocol allows it (OTLP, remote
    /// write); one that holds a single item is dropped and counted. At least 1024. Default: null, which is 4 MiB by OTLP, as much as a
    /// receiver takes by gRPC unless told otherwise, and no bound elsewhere.</summary>
    public long? MaxRequestBytes { get; set; }

    /// <summary>Whether bodies that are not compressed are compressed with gzip. By OTLP, <c>Telemetry:Otlp:Compression</c> says it. Default: false.</summary>
    public bool Gzip { get; set; }

    /// <summary>The settings of the durable outbox.</summary>
    public DeliveryOutboxOptions Outbox { get; } = new();
}
