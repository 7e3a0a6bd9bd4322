using OtelTelemetry.Metrics;

namespace OtelTelemetry.Instrumentation;

/// <summary>
/// The time of every call of the method goes into a histogram, in seconds; of an asynchronous one, the time until its task is over.
/// Labels: the arguments marked with <see cref="MetricLabelAttribute"/>, and <c>error_type</c>, the full name of the exception that
/// left the method, else empty. Needs the package OtelTelemetry.Generators.
/// </summary>
/// <param name="name">The histogram's name, such as <c>order_seconds</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TimedAttribute(string name) : Attribute
{
    /// <summary>The histogram's name.</summary>
    public string Name => name;

    /// <summary>What it tells, for people. Default: empty.</summary>
    public string Help { get; set; } = "";

    /// <summary>The buckets' inclusive upper bounds in seconds: finite and strictly ascending. Default: empty, which stands for
    /// <see cref="MetricsCollectorOptions.DurationBuckets"/>.</summary>
    public double[] Buckets { get; set; } = [];
}
