using OpenTelemetry.Context.Propagation;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>The trace context formats by the names <c>OTEL_PROPAGATORS</c> gives them.</summary>
internal static class PropagationFormats
{
    public static IReadOnlyList<string> Names { get; } = ["tracecontext", "baggage", "b3", "b3multi"];

    /// <summary>What .NET does by itself.</summary>
    private static readonly string[] Default = ["tracecontext", "baggage"];

    public static bool IsKnown(string? name) => name is not null
        && (Names.Contains(name, StringComparer.OrdinalIgnoreCase) || name.Equals("none", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the list says what .NET does anyway.</summary>
    public static bool AreDefault(IEnumerable<string> names) =>
        names.Select(name => name.ToLowerInvariant()).ToHashSet().SetEquals(Default);

    /// <summary>The format of a name; null for <c>none</c>.</summary>
    public static ContextFormat? Create(string name) => name.ToLowerInvariant() switch
    {
        "tracecontext" => new TraceContextFormat(),
        "baggage" => new BaggageFormat(),
        "b3" => new B3SingleFormat(),
        "b3multi" => new B3MultiFormat(),
        "none" => null,
        _ => throw new ArgumentException($"'{name}' is not a known trace context format. Allowed: {string.Join(", ", Names)}, none.", nameof(name)),
    };

    /// <summary>The same choice for instrumentation that uses OpenTelemetry's own propagators.</summary>
    public static TextMapPropagator CreateTextMap(IEnumerable<string> names)
    {
#pragma warning disable CS0618 // B3 moved to a package of its own; this class stays and does the same.
        var propagators = names.Select(name => name.ToLowerInvariant()).Select(name => name switch
        {
            "tracecontext" => new TraceContextPropagator(),
            "baggage" => new BaggagePropagator(),
            "b3" => new OpenTelemetry.Context.Propagation.B3Propagator(singleHeader: true),
            "b3multi" => new OpenTelemetry.Context.Propagation.B3Propagator(singleHeader: false),
            _ => (TextMapPropagator?)null,
        });
#pragma warning restore CS0618
        return new CompositeTextMapPropagator(propagators.OfType<TextMapPropagator>());
    }
}
