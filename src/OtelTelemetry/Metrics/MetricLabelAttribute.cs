namespace OtelTelemetry.Metrics;

/// <summary>
/// Names a label. On a property or parameter of a type with <see cref="MetricLabelsAttribute"/> it replaces the name in
/// snake_case; on a parameter of a method that is counted or timed it makes the argument a label.
/// </summary>
/// <param name="name">The label's name; null stands for the name in snake_case. Default: null.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class MetricLabelAttribute(string? name = null) : Attribute
{
    /// <summary>The label's name, or null for the name in snake_case.</summary>
    public string? Name => name;
}
