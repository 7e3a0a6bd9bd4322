namespace OtelTelemetry.Tracing.Propagation;

/// <summary>The trace context formats by the names <c>OTEL_PROPAGATORS</c> gives them.</summary>
internal static class PropagationFormats
{
    public static IReadOnlyList<string> Names { get; } = ["tracecontext", "baggage", "b3", "b3multi"];

    /// <summary>What .NET does by itself.</summary>
    private static readonly string[] Default = ["tracecontext", "baggage"];

    public static bool IsKnown(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase) || name.Equals("none", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the list says what .NET does anyway, so that nothing need be replaced.</summary>
    public static bool AreDefault(IEnumerable<string> names) =>
        names.Select(name => name.ToLowerInvariant()).ToHashSet().SetEquals(Default);
}
