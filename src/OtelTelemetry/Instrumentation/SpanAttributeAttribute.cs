namespace OtelTelemetry.Instrumentation;

/// <summary>The argument becomes an attribute of the span of a method with <see cref="TracedAttribute"/>. No argument does without it.</summary>
/// <param name="name">The attribute's name, as OpenTelemetry's semantic conventions spell it where they know it.
/// Default: null, which is the parameter's name in snake_case.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class SpanAttributeAttribute(string? name = null) : Attribute
{
    /// <summary>The attribute's name, or null for the parameter's name in snake_case.</summary>
    public string? Name => name;
}
