using System.Globalization;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Logging;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tracing.Observations;

/// <summary>The log record of an observation that has ended. It is written while the span is current, so that it carries its ids.</summary>
internal static class ObservationLog
{
    public static void Write(Observation observation, BoundHistogram duration, TimeSpan elapsed, ObservationScope.Outcome outcome)
    {
        var failed = outcome.ErrorType is not null;
        var level = failed ? LogLevel.Error : observation.Level;
        try
        {
            if (!observation.Logger!.IsEnabled(level)) return;
            var state = new List<KeyValuePair<string, object?>>(duration.LabelCount + 5) { new("observation", observation.Name), new("duration", elapsed.TotalSeconds) };
            for (var i = 0; i < duration.LabelCount; i++)
            {
                var (name, value) = duration.GetLabel(i);
                state.Add(new(name, value));
            }

            if (failed) state.Add(new("error.type", outcome.ErrorType));
            if (outcome.Description is not null) state.Add(new("error.message", outcome.Description));
            state.Add(new(LogTemplate.Name, failed ? "{observation} failed after {duration} s: {error.type}" : "{observation} took {duration} s"));
            var text = failed
                ? string.Create(CultureInfo.InvariantCulture, $"{observation.Name} failed after {elapsed.TotalSeconds} s: {outcome.ErrorType}")
                : string.Create(CultureInfo.InvariantCulture, $"{observation.Name} took {elapsed.TotalSeconds} s");
            observation.Logger.Log(level, new EventId(0, observation.Name), (IReadOnlyList<KeyValuePair<string, object?>>)state, outcome.Exception, (_, _) => text);
        }
        catch (Exception exception)
        {
            TelemetryLosses.Count("logs", "observation", "error");
            TelemetryErrors.Report(Diagnostic.ObservationNotLogged, "observation", "the log record of an observation could not be written", "See the cause", exception);
        }
    }
}
