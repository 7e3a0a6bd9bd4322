using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters;
using OtelTelemetry.Processors.Logs.Filter;

namespace OtelTelemetry.Logging.Sinks;

/// <summary>Puts a sink behind the processors of the provider, with its own level and filters. A sink that fails harms no other. Thread-safe.</summary>
internal sealed class LogSinkProcessor : BaseProcessor<LogRecord>
{
    private readonly LogSink _sink;
    private readonly string _component;
    private readonly LogLevel _level;
    private readonly LogFilter[] _filters;
    private bool _isClosed;

    public LogSinkProcessor(string name, LogSinkOptions options, LogSink sink)
    {
        _sink = sink;
        _component = ComponentOf(name);
        _level = options.Level;
        _filters = [.. options.Filters.Select(filter => new LogFilter(filter))];
    }

    /// <summary>What a sink is called in metrics and messages.</summary>
    public static string ComponentOf(string name) => "log_" + ExporterSetup.NameOf(name);

    public override void OnEnd(LogRecord data)
    {
        try
        {
            if (data.LogLevel < _level || _isClosed) return;
            foreach (var filter in _filters)
            {
                if (!filter.Process(data)) return;
            }

            _sink.Write(data);
        }
        catch (Exception exception)
        {
            TelemetryLosses.Count("logs", _component, "failed");
            LogErrors.Report(Diagnostic.LogSinkRecordFailed, _component, $"{_sink.GetType().Name} failed, and its log record is dropped", "See the cause: a value of the record, or the sink, threw", exception);
        }
    }

    protected override bool OnForceFlush(int timeoutMilliseconds) => _sink.Flush(Within(timeoutMilliseconds));

    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        Close(Within(timeoutMilliseconds));
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Close(TimeSpan.Zero);
        base.Dispose(disposing);
    }

    private static TimeSpan Within(int milliseconds) => milliseconds < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(milliseconds);

    private void Close(TimeSpan timeout)
    {
        if (Interlocked.Exchange(ref _isClosed, true)) return;
        try
        {
            _sink.Close(timeout);
        }
        catch (Exception exception)
        {
            LogErrors.Report(Diagnostic.LogSinkCloseFailed, _component, $"{_sink.GetType().Name} did not end well", "See the cause", exception);
        }
    }
}
