using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace OtelTelemetry.Diagnostics;

/// <summary>Writes the library's failures as log lines while it lives: the first of a component and kind loudly, later ones quietly. Thread-safe.</summary>
internal sealed class ErrorLog : IDisposable
{
    /// <summary>The most components that are told apart; those beyond are always quiet.</summary>
    private const int MostComponents = 1000;

    private readonly ILogger _logger;
    private readonly HashSet<(string Component, string Kind)> _told = [];

    internal ErrorLog(ILogger logger)
    {
        _logger = logger;
        TelemetryErrors.Reported += Write;
    }

    public void Dispose() => TelemetryErrors.Reported -= Write;

    private void Write(TelemetryError error)
    {
        bool first;
        lock (_told) first = _told.Count < MostComponents && _told.Add((error.Component, error.Kind));
        var level = first ? LogLevel.Warning : LogLevel.Debug;

        // What fails is often what makes no telemetry of its own, such as a delivery. Once it must be heard, at OTLP and the log sinks too; always would
        // make each failure something more to send. A log sink that cannot write is told to other providers only: it would have to write that as well.
        using var heard = first && error.Diagnostic != Diagnostic.LogSinkUnavailable ? SuppressInstrumentationScope.Begin(false) : null;
        if (!_logger.IsEnabled(level)) return;
        _logger.Log(level, error.Diagnostic?.EventId ?? default, error.Exception, "Telemetry {Component}: {Problem}. {Remedy}.", error.Component, error.Problem, error.Remedy);
    }
}
