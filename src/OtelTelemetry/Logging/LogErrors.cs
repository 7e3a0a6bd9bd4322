using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Logging;

/// <summary>Tells of errors met while a log record is written. Thread-safe.</summary>
internal static class LogErrors
{
    [ThreadStatic]
    private static bool t_isReporting;

    /// <summary>Tells of an error. That is a log record itself and comes back: about it nothing more is told.</summary>
    public static void Report(Diagnostic diagnostic, string component, string problem, string remedy, Exception? exception = null)
    {
        if (t_isReporting) return;
        t_isReporting = true;
        try
        {
            TelemetryErrors.Report(diagnostic, component, problem, remedy, exception);
        }
        finally
        {
            t_isReporting = false;
        }
    }
}
