namespace OtelTelemetry.Diagnostics;

/// <summary>A failure of the library itself while the application runs. Immutable.</summary>
/// <param name="Component">Which part failed, as in <c>telemetry_dropped_total</c>.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Exception">The cause, or null.</param>
/// <param name="IsFirst">Whether it is the component's first in this process: told loudly, later ones quietly.</param>
public sealed record TelemetryError(string Component, string Problem, string Remedy, Exception? Exception, bool IsFirst)
{
    /// <summary>Tells errors of one component apart that are each worth being told loudly once; empty for most.</summary>
    internal string Kind { get; init; } = "";
}
