using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace OtelTelemetry.Tracing.Observations;

/// <summary>The definition of an <see cref="Observation"/>. The values are copied when it is made.</summary>
/// <param name="Name">What is observed, such as <c>order.process</c>: the span's name; the metrics are <c>order.process.duration</c> and
/// <c>order.process.errors</c>. Spelled as a metric's name (<see cref="Metrics.MetricOptions"/>).</param>
public sealed record ObservationOptions(string Name)
{
    /// <summary>What is observed, for people. Default: empty.</summary>
    public string Help { get; init; } = "";

    /// <summary>The names of the values that go to metrics and span, in the order in which values are given: those with few different values.
    /// Values with many go to the span only (<see cref="ObservationScope.SetAttribute(string, object)"/>). Default: none.</summary>
    public IReadOnlyList<string> LabelNames { get; init; } = [];

    /// <summary>The buckets of the duration, in seconds: finite and strictly ascending. Default: null, which is the collector's.</summary>
    public IReadOnlyList<double>? Buckets { get; init; }

    /// <summary>The most series of each of the metrics, at least 1. Default: null, which is the collector's.</summary>
    public int? MaxSeries { get; init; }

    /// <summary>The span's role in the conversation of services. Default: internal.</summary>
    public ActivityKind Kind { get; init; } = ActivityKind.Internal;

    /// <summary>Where each observation leaves a log record when it ends, with its duration, its labels and the span it belongs to: of
    /// <see cref="LogLevel"/>, or an error with the exception. Default: null, which logs nothing.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>The level of the log record of one that did not fail. Default: information.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}
