namespace OtelTelemetry.Tracing.Sampling.Tail;

/// <summary>
/// Decides about a trace when its first span in this process has ended (section <c>Telemetry:Traces:TailSampling</c>): by then it is known
/// whether it failed and how long it took. What decides follows the configuration while the application runs; the bounds, and whether there
/// is tail sampling at all, do not.
/// </summary>
public sealed class TailSamplingOptions
{
    /// <summary>Whether traces are held until they are decided about. Default: false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Whether every trace with a span whose status is Error is kept. Default: true.</summary>
    public bool KeepErrors { get; set; } = true;

    /// <summary>A trace that takes at least this long is kept. Default: 1 second; null for no such threshold.</summary>
    public TimeSpan? SlowerThan { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A trace is kept that takes longer than this part of those of its route (the name of its first span), from 0.5 to below 1, such as
    /// 0.99. Default: null, not used. Says nothing before a route was seen a hundred times; durations are told apart by about 9 percent.</summary>
    public double? SlowPercentile { get; set; }

    /// <summary>The part of all other traces that is kept, from 0 to 1, chosen by the trace's id: services with the same rate keep the same
    /// traces. Default: 0.1.</summary>
    public double Rate { get; set; } = 0.1;

    /// <summary>The most traces a second that are kept, whatever they are. More than 0, at most 1,000,000. Those that are neither failed nor slow
    /// leave half of the burst to those that are. Default: null, no limit.</summary>
    public double? TracesPerSecond { get; set; }

    /// <summary>How many may be kept at once after a quiet time. From 1 to 1,000,000. Default: null, what one second allows.</summary>
    public int? Burst { get; set; }

    /// <summary>The most traces that are held. At least 1. Past it the oldest is decided about by what is known of it. Default: 20,000.</summary>
    public int MaxTraces { get; set; } = 20_000;

    /// <summary>The most spans of one trace that are held. At least 1. Those beyond are dropped, but still count as failed. Default: 1000.</summary>
    public int MaxSpansPerTrace { get; set; } = 1000;

    /// <summary>The most spans that are held of all traces. At least 1. Those beyond are dropped, but still count as failed. Default: 100,000.</summary>
    public int MaxSpans { get; set; } = 100_000;

    /// <summary>The longest a trace is held: one whose first span has not ended by then is decided about. More than zero, at most 1 hour. Default: 1 minute.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The most decisions that are remembered for spans that come late. At least 1. Default: 50,000.</summary>
    public int MaxDecisions { get; set; } = 50_000;

    /// <summary>The most routes that are told apart by <see cref="SlowPercentile"/>; further ones are one together. At least 1. Default: 1000.</summary>
    public int MaxRoutes { get; set; } = 1000;
}
