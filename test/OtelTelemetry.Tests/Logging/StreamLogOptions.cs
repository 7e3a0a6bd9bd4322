using OtelTelemetry.Logging.Formats;
using OtelTelemetry.Logging.Sinks;
using OtelTelemetry.Logging.Sinks.Console;
using OtelTelemetry.Logging.Sinks.Queue;

namespace OtelTelemetry.Tests.Logging;

/// <summary>A console whose output the test holds.</summary>
internal sealed record StreamLogOptions(Stream Output) : LogSinkOptions
{
    public LogFormat Format { get; init; } = LogFormat.Json;

    public bool Pretty { get; init; }

    public long MaxQueueBytes { get; init; } = 8 * 1024 * 1024;

    public override LogSink Create(LogSinkContext context) => new ConsoleLogSink(
        context, Pretty ? new PrettyLogFormatter(colors: false, TimeZoneInfo.Utc) : LogFormatter.Create(Format, context.Resource), new LogQueueSettings(MaxQueueBytes, TimeSpan.Zero), Output);
}
