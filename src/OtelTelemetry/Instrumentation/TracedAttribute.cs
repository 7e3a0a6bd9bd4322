using System.Diagnostics;

namespace OtelTelemetry.Instrumentation;

/// <summary>
/// Every call of the method becomes a span; an exception that leaves it is recorded and marks the span as an error. For methods
/// that return a value, nothing, a task or a value task. Needs the package OtelTelemetry.Generators, which rewrites the calls in
/// the project that makes them; calls through delegates and reflection are not seen.
/// </summary>
/// <param name="name">The span's name, with few different values. Default: null, which is the type's name, a dot and the method's.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TracedAttribute(string? name = null) : Attribute
{
    /// <summary>The name of the activity source that is always recorded, and taken where <see cref="Source"/> is not set.</summary>
    public const string DefaultSource = "OtelTelemetry.Traced";

    /// <summary>The span's name, or null for the type's name, a dot and the method's.</summary>
    public string? Name => name;

    /// <summary>The span's role in the conversation of services. Default: internal.</summary>
    public ActivityKind Kind { get; set; } = ActivityKind.Internal;

    /// <summary>The name of the activity source. Default: <see cref="DefaultSource"/>; another must be among those that are
    /// recorded (<see cref="TelemetryTracesOptions.Sources"/>).</summary>
    public string Source { get; set; } = DefaultSource;
}
