using System.Diagnostics;

namespace OtelTelemetry.Tracing.Sampling.Rules;

/// <summary>
/// A rate or limit for some traces, chosen by what is known when their first span starts. What is set must all match; in patterns
/// <c>*</c> stands for any text and <c>?</c> for one letter.
/// </summary>
public sealed class TraceSamplingRule
{
    /// <summary>A pattern for the name of the service this process is, without regard to case. Default: null, any. For settings that several services share.</summary>
    public string? Service { get; set; }

    /// <summary>A pattern for the span's name as it starts. Default: null, any. The span of a request has its final name only when it
    /// ends: choose requests by <see cref="Path"/>.</summary>
    public string? Name { get; set; }

    /// <summary>The span's kind. Default: null, any.</summary>
    public ActivityKind? Kind { get; set; }

    /// <summary>A pattern for the path of a request (<c>url.path</c>), without regard to case. Default: null, any.</summary>
    public string? Path { get; set; }

    /// <summary>Patterns for attributes the span has when it starts. Default: none.</summary>
    public IDictionary<string, string> Attributes { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The part of these traces that is recorded, from 0 to 1. Default: 1.</summary>
    public double Rate { get; set; } = 1;

    /// <summary>The most of these traces a second, of those the rate lets through. More than 0, at most 1,000,000. Default: null, no limit.</summary>
    public double? TracesPerSecond { get; set; }

    /// <summary>How many may begin at once after a quiet time. From 1 to 1,000,000. Default: null, what one second allows.</summary>
    public int? Burst { get; set; }

    /// <summary>Where in the section it was written; null for one of code.</summary>
    internal string? Key { get; init; }
}
