using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Logging;

namespace OtelTelemetry.Processors.Logs;

/// <summary>
/// Writes records that say how many others were left out. They go to OpenTelemetry alone, not to the application's other log providers, where
/// nothing was left out; and they meet only the processors behind the one that speaks. Thread-safe.
/// </summary>
internal sealed class LogSummaries(IServiceProvider services)
{
    internal const string CountAttribute = "suppressed.count";
    internal const string SecondsAttribute = "suppressed.seconds";
    internal const string WhatAttribute = "suppressed.what";

    /// <summary>The longest part of a text that is repeated.</summary>
    private const int MostLetters = 1000;

    private const string Template = "Suppressed {suppressed.count} times in {suppressed.seconds} s: {suppressed.what}";

    [ThreadStatic]
    private static LogProcessor? t_writing;

    private OpenTelemetryLoggerProvider? _provider;

    /// <summary>The processor that is writing a summary on this thread.</summary>
    internal static LogProcessor? Writing => t_writing;

    /// <summary>Finds out where to write, as long as the application is there to be asked.</summary>
    internal void Prepare()
    {
        _provider ??= services.GetServices<ILoggerProvider>().OfType<OpenTelemetryLoggerProvider>().FirstOrDefault();
    }

    internal void Write(LogProcessor from, in SuppressedLogs what, long count, TimeSpan period)
    {
        if (_provider is not { } provider) return;
        var before = t_writing;
        t_writing = from;
        try
        {
            // Written on any thread, also on one whose own records are not wanted.
            using var scope = SuppressInstrumentationScope.Begin(false);
            var seconds = Math.Round(period.TotalSeconds, 3);
            var text = what.Text.Length > MostLetters ? what.Text[..MostLetters] + "…" : what.Text;
            KeyValuePair<string, object?>[] attributes = [new(CountAttribute, count), new(SecondsAttribute, seconds), new(WhatAttribute, text), new(LogTemplate.Name, Template)];
            var message = string.Create(CultureInfo.InvariantCulture, $"Suppressed {count} times in {seconds} s: {text}");
            provider.CreateLogger(what.Category).Log(what.Level, what.EventId, attributes, null, (_, _) => message);
        }
        catch (Exception exception)
        {
            TelemetryLosses.Count("logs", LogPipeline.Component, "failed");
            LogPipeline.Report(Diagnostic.LogProcessorFailed, $"it could not be written that {count} log records were left out", "See the cause: a processor or exporter of the application threw", exception);
        }
        finally
        {
            t_writing = before;
        }
    }
}
