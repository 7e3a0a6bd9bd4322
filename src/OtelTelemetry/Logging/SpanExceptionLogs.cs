using OtelTelemetry.Diagnostics;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace OtelTelemetry.Logging;

/// <summary>
/// Writes the exceptions recorded in spans as log records too, in the category of the span's source, with its ids. Those of .NET itself are left out: ASP.NET Core logs
/// what nobody caught, and who calls a server gets the exception. Thread-safe.
/// </summary>
internal sealed class SpanExceptionLogs(IServiceProvider services) : BaseProcessor<Activity>
{
    /// <summary>The name of the records' event.</summary>
    internal const string EventName = "exception";

    [ThreadStatic]
    private static Activity? t_writing;

    private ILoggerFactory? _loggers;

    /// <summary>What gives the records the ids of their span, which may have ended long ago: otherwise they would have those of whatever runs now.</summary>
    public static BaseProcessor<LogRecord> CreateIds() => new IdProcessor();

    /// <summary>Gives a record the ids of the span it tells of.</summary>
    public static void Identify(LogRecord record)
    {
        if (t_writing is not { } span) return;
        record.TraceId = span.TraceId;
        record.SpanId = span.SpanId;
        record.TraceFlags = span.ActivityTraceFlags;
    }

    public override void OnEnd(Activity data)
    {
        if (!data.Recorded) return;
        foreach (ref readonly var one in data.EnumerateEvents())
        {
            if (one.Name == EventName && !IsOfDotNet(data.Source.Name)) Write(data, one);
        }
    }

    private static bool IsOfDotNet(string source) =>
        source.StartsWith("Microsoft.", StringComparison.Ordinal) || source.StartsWith("System.", StringComparison.Ordinal) || source.Length == 0;

    private void Write(Activity span, in ActivityEvent one)
    {
        try
        {
            var logger = (_loggers ??= services.GetRequiredService<ILoggerFactory>()).CreateLogger(span.Source.Name);
            if (!logger.IsEnabled(LogLevel.Error)) return;

            t_writing = span;
            logger.Log(LogLevel.Error, new EventId(0, EventName), StateOf(span, one, out var message), null, (_, _) => message);
        }
        catch (Exception exception)
        {
            LogErrors.Report(Diagnostic.LogProviderFailed, "logs", "the exception of a span could not be written as a log record", "See the cause: a log provider of the application threw", exception);
        }
        finally
        {
            t_writing = null;
        }
    }

    private static List<KeyValuePair<string, object?>> StateOf(Activity span, in ActivityEvent one, out string message)
    {
        var state = new List<KeyValuePair<string, object?>>();
        var (type, text) = ("", "");
        foreach (ref readonly var tag in one.EnumerateTagObjects())
        {
            state.Add(tag);
            if (tag.Key == "exception.type") type = tag.Value as string ?? "";
            else if (tag.Key == "exception.message") text = tag.Value as string ?? "";
        }

        state.Add(new KeyValuePair<string, object?>("span.name", span.DisplayName));
        message = $"{span.DisplayName}: {type}: {text}";
        return state;
    }

    private sealed class IdProcessor : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data) => Identify(data);
    }
}
