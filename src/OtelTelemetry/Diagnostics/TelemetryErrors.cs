using System.Collections.Concurrent;

namespace OtelTelemetry.Diagnostics;

/// <summary>Where the library says that something of its own failed while the application runs. Never throws. Thread-safe.</summary>
internal static class TelemetryErrors
{
    /// <summary>The most components whose errors are told apart; further ones are always quiet.</summary>
    private const int MostComponents = 1000;

    private static readonly ConcurrentDictionary<string, long> s_counts = new(StringComparer.Ordinal);

    /// <summary>Raised for every error. A listener that throws harms no other.</summary>
    internal static event Action<TelemetryError>? Reported;

    /// <summary>Tells of an error.</summary>
    /// <param name="diagnostic">What kind of thing there is to say.</param>
    /// <param name="component">Which part failed, as in <c>telemetry_dropped_total</c>.</param>
    /// <param name="problem">What is wrong. No secrets.</param>
    /// <param name="remedy">What to do.</param>
    /// <param name="exception">The cause, when there is one.</param>
    /// <param name="kind">Tells errors of one component apart that are each worth being told loudly once.</param>
    internal static void Report(Diagnostic diagnostic, string component, string problem, string remedy, Exception? exception = null, string kind = "")
    {
        var count = s_counts.Count < MostComponents || s_counts.ContainsKey(component)
            ? s_counts.AddOrUpdate(component, 1, static (_, count) => count + 1)
            : 2;
        if (Reported is not { } listeners) return;
        var error = new TelemetryError(component, problem, remedy, exception, IsFirst: count == 1) { Diagnostic = diagnostic, Kind = kind };
        foreach (var listener in Delegate.EnumerateInvocationList(listeners))
        {
            try
            {
                listener(error);
            }
            catch (Exception)
            {
                // Whoever listens to errors must not make one of his own.
            }
        }
    }
}
