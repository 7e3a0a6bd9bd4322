using OtelTelemetry.Logging.Formats;
using OtelTelemetry.Logging.Sinks.Queue;

namespace OtelTelemetry.Logging.Sinks.Console;

/// <summary>Writes whole lines to a stream of the console, at once, from one thread: they never mix with each other.</summary>
internal sealed class ConsoleLogSink : QueuedLogSink
{
    /// <summary>Nobody sees it, and the thread that logs need not wake another for every record.</summary>
    private static readonly TimeSpan s_flushInterval = TimeSpan.FromMilliseconds(10);

    private readonly Stream _output;

    internal ConsoleLogSink(LogSinkContext context, LogFormatter formatter, LogQueueSettings settings, Stream output)
        : base(context, formatter, settings) => _output = output;

    public static ConsoleLogSink Open(ConsoleLogOptions options, LogSinkContext context)
    {
        var isTerminal = !(options.StandardError ? System.Console.IsErrorRedirected : System.Console.IsOutputRedirected);
        var output = options.StandardError ? System.Console.OpenStandardError() : System.Console.OpenStandardOutput();
        return new ConsoleLogSink(context, FormatterOf(options, context, isTerminal), new LogQueueSettings(options.MaxQueueBytes, s_flushInterval), output);
    }

    internal static LogFormatter FormatterOf(ConsoleLogOptions options, LogSinkContext context, bool isTerminal)
    {
        if (!(options.Pretty ?? (options.Format is null && isTerminal))) return LogFormatter.Create(options.Format ?? LogFormat.Json, context.Resource);
        var noColor = (context.Services.GetService(typeof(Microsoft.Extensions.Configuration.IConfiguration)) as Microsoft.Extensions.Configuration.IConfiguration)?["NO_COLOR"];
        return new PrettyLogFormatter(options.Colors ?? (isTerminal && string.IsNullOrEmpty(noColor)), context.TimeProvider.LocalTimeZone);
    }

    private protected override void WriteBlock(LogBlock block)
    {
        _output.Write(block.Unwritten.Span);
        _output.Flush();
        block.Written = block.Count;
    }

    private protected override (string Problem, string Remedy) Explain(Exception exception) =>
        ($"log records cannot be written to the console: {exception.Message}", "See what the output of the process is connected to; to write none, remove the sink");
}
