using System.Collections.Concurrent;

namespace OtelTelemetry.Diagnostics;

/// <summary>Where the library says that something of its own failed while the application runs. Never throws. Thread-safe.</summary>
internal static class TelemetryErrors
{
    /// <summary>The most components whose errors are told apart; further ones are always quiet.</summary>
    private const int MostComponents = 1000;

    private static readonly ConcurrentDictionary<string, long> s_counts = new(StringComparer.Ordinal);

    /// <summary>Raised for every error.</summary>
    internal static event Action<TelemetryError>? Reported;

    /// <summary>Tells of an error.</summary>
    /// <param name="component">Which part failed, as in <c>telemetry_dropped_total</c>.</param>
    /// <param name="problem">What is wrong. No secrets.</param>
    /// <param name="remedy">What to do.</param>
    /// <param name="exception">The cause, when there is one.</param>
    internal static void Report(string component, string problem, string remedy, Exception? exception = null)
    {
        try
        {
            var first = s_counts.Count < MostComponents && s_counts.AddOrUpdate(component, 1, static (_, count) => count + 1) == 1;
            Reported?.Invoke(new TelemetryError(component, problem, remedy, exception, first));
        }
        catch (Exception)
        {
            // Whoever listens to errors must not make one of his own.
        }
    }
}

/// <summary>An error of the library itself.</summary>
/// <param name="Component">Which part failed.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Exception">The cause, or null.</param>
/// <param name="IsFirst">Whether it is the component's first: told loudly, later ones quietly.</param>
internal sealed record TelemetryError(string Component, string Problem, string Remedy, Exception? Exception, bool IsFirst);
