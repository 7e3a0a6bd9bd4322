using OtelTelemetry.Metrics;

namespace OtelTelemetry.Instrumentation;

/// <summary>
/// Every call of the method is counted, once it is over. Labels: the arguments marked with <see cref="MetricLabelAttribute"/>, and
/// <c>error_type</c>, the full name of the exception that left the method, else empty. Needs the package OtelTelemetry.Generators.
/// </summary>
/// <param name="name">The counter's name, such as <c>orders_placed_total</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CountedAttribute(string name) : Attribute
{
    /// <summary>The counter's name.</summary>
    public string Name => name;

    /// <summary>What it tells, for people. Default: empty.</summary>
    public string Help { get; set; } = "";
}
