namespace OtelTelemetry.Metrics;

/// <summary>Says how a member of an enum is written as a label's value. Without it, it is written by its name in snake_case.</summary>
/// <param name="value">The text.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class MetricLabelValueAttribute(string value) : Attribute
{
    /// <summary>The text.</summary>
    public string Value => value;
}
