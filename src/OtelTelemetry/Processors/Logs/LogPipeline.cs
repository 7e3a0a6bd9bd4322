using OpenTelemetry;
using OpenTelemetry.Logs;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Logging;
using OtelTelemetry.Metrics;
using OtelTelemetry.Processors.Logs.Redact;

namespace OtelTelemetry.Processors.Logs;

/// <summary>
/// Stands before every processor and exporter of the provider, the application's own among them: a record goes through our log processors,
/// and on from there unless one drops it. It is the provider's first processor and a <see cref="CompositeProcessor{T}"/>, into which the SDK
/// puts all that are added later; a test holds it to that. Thread-safe.
/// </summary>
internal sealed class LogPipeline : CompositeProcessor<LogRecord>
{
    internal const string Component = "log_processors";

    private Step[] _steps = [];
    private bool _isClosed;

    internal LogPipeline()
        : base([new First()])
    {
    }

    /// <summary>Those that keep secrets, which must also be kept in scopes.</summary>
    internal LogRedactor[] Redactors { get; private set; } = [];

    /// <summary>Whether scopes are redacted before a record gets them.</summary>
    internal bool ScopesAreRedacted { get; set; }

    /// <summary>Whether anything needs it.</summary>
    internal static bool IsNeeded(TelemetryLogsOptions logs) => logs.Enabled && (logs.Processors.Count > 0 || logs.ExcludedPaths.Count > 0);

    /// <summary>Makes the processors, once the provider is complete and its resource known.</summary>
    /// <returns>What is to run once more before our exporters: processors of the application may add what must not leave.</returns>
    internal BaseProcessor<LogRecord>? Start(TelemetryLogsOptions logs, LogProcessorContext context)
    {
        var processors = logs.Processors.Select(options => options.Create(context)).ToList();
        if (logs.ExcludedPaths.Count > 0) processors.Insert(0, new Filter.ExcludedLogPaths(logs.ExcludedPaths));
        _steps = [.. processors.Select(processor => new Step(processor))];
        Redactors = [.. processors.OfType<LogRedactor>()];
        foreach (var redactor in Redactors) redactor.Pipeline = this;
        return Redactors.Length == 0 ? null : new Again([.. Redactors.Select(redactor => new Step(redactor))]);
    }

    /// <summary>Tells of an error. That is a log record itself and comes back here: about it nothing more is told.</summary>
    internal static void Report(Diagnostic diagnostic, string problem, string remedy, Exception? exception = null) => LogErrors.Report(diagnostic, Component, problem, remedy, exception);

    public override void OnEnd(LogRecord data)
    {
        SpanExceptionLogs.Identify(data);
        if (Process(_steps, data)) base.OnEnd(data);
    }

    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        Each(static processor => processor.Flush());
        return base.OnForceFlush(timeoutMilliseconds);
    }

    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        Close();
        return base.OnShutdown(timeoutMilliseconds);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Close();
        base.Dispose(disposing);
    }

    private void Close()
    {
        if (Interlocked.Exchange(ref _isClosed, true)) return;
        Each(static processor => processor.Close());
    }

    private void Each(Action<LogProcessor> action)
    {
        foreach (var step in _steps)
        {
            try
            {
                action(step.Processor);
            }
            catch (Exception exception)
            {
                Report(Diagnostic.LogProcessorFailed, $"{step.Processor.GetType().Name} could not write how many records it left out", "See the cause: a processor of the application threw", exception);
            }
        }
    }

    /// <summary>Whether every processor lets the record through.</summary>
    private static bool Process(Step[] steps, LogRecord record)
    {
        // A summary comes from one of them, and meets those behind it that do not leave out.
        var from = LogSummaries.Writing;
        var first = from is null ? 0 : After(steps, from);
        for (var i = first; i < steps.Length; i++)
        {
            var step = steps[i];
            if (from is not null && !step.Processor.SeesSummaries) continue;
            try
            {
                if (step.Processor.Process(record)) continue;
                step.Dropped.Inc();
            }
            catch (Exception exception)
            {
                TelemetryLosses.Count("logs", Component, "failed");
                Report(Diagnostic.LogProcessorFailed, $"{step.Processor.GetType().Name} failed, and its log record is dropped", "Correct the processor: it must not throw", exception);
            }

            return false;
        }

        return true;
    }

    private static int After(Step[] steps, LogProcessor processor)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            if (ReferenceEquals(steps[i].Processor, processor)) return i + 1;
        }

        return 0;
    }

    /// <summary>A processor, and where its losses are counted.</summary>
    private sealed class Step(LogProcessor processor)
    {
        private BoundCounter? _dropped;

        public LogProcessor Processor => processor;

        public BoundCounter Dropped => _dropped ??= TelemetryLosses.Bind("logs", Component, processor.DropReason);
    }

    /// <summary>A composite of the SDK begins with one at least.</summary>
    private sealed class First : BaseProcessor<LogRecord>;

    /// <summary>What it refuses was emptied: those behind it cannot be kept from seeing the record.</summary>
    private sealed class Again(Step[] steps) : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data)
        {
            if (!Process(steps, data)) LogRedactor.Empty(data);
        }
    }
}
