namespace OtelTelemetry.Diagnostics;

/// <summary>A failure of the library itself while the application runs. Immutable.</summary>
/// <param name="Component">Which part failed, as in <c>telemetry_dropped_total</c>.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Exception">The cause, or null.</param>
/// <param name="IsFirst">Whether it is the component's first in this process: told loudly, later ones quietly.</param>
public sealed record TelemetryError(string Component, string Problem, string Remedy, Exception? Exception, bool IsFirst)
{
    /// <summary>Its id in docs/diagnostics.md, which never changes its meaning; 0 where somebody else made the error.</summary>
    public int Id => Diagnostic?.Id ?? 0;

    /// <summary>Its name in docs/diagnostics.md.</summary>
    public string Name => Diagnostic?.Name ?? "";

    /// <summary>What kind of thing it says.</summary>
    internal Diagnostic? Diagnostic { get; init; }

    /// <summary>Tells errors of one component apart that are each worth being told loudly once; empty for most.</summary>
    internal string Kind { get; init; } = "";
}
