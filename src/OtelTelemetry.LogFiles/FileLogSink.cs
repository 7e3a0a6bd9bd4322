using OtelTelemetry.Logging.Formats;
using OtelTelemetry.Logging.Sinks.Queue;

namespace OtelTelemetry.Logging.Sinks.Files;

/// <summary>Writes records to files, from one thread; nothing is opened before the first record.</summary>
internal sealed class FileLogSink : QueuedLogSink
{
    private const int NoSpaceOnUnix = 28;
    private const int QuotaOnLinux = 122;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);

    private readonly RollingFile _file;
    private readonly LogFileNames _names;
    private readonly string _settings;

    public FileLogSink(FileLogOptions options, LogSinkContext context)
        : base(context, LogFormatter.Create(options.Format, context.Resource), new LogQueueSettings(options.MaxQueueBytes, options.FlushInterval))
    {
        _settings = $"Telemetry:Logs:Sinks:{context.Name}";
        _names = new LogFileNames(options.Path, options.Interval);
        Housekeeping = new FileHousekeeping(options, _names, Component, context.TimeProvider);
        _file = RollingFile.Create(options, _names, Housekeeping, context.TimeProvider);
    }

    internal FileHousekeeping Housekeeping { get; }

    private protected override void WriteBlock(LogBlock block) => _file.Write(block);

    private protected override void Ended()
    {
        _file.Dispose();
        Housekeeping.Dispose();
    }

    private protected override (string Problem, string Remedy) Explain(Exception exception)
    {
        var problem = $"log records cannot be written to {_names.Path}: ";
        return exception switch
        {
            LogFileInUseException => (problem + "another process, or another sink, writes it",
                $"Give each a path of its own ({_settings}:Path), or set Shared in all of them; records wait until the other ends"),
            IOException { HResult: NoSpaceOnUnix or QuotaOnLinux or NoSpaceOnWindows } => (problem + "the disk is full",
                $"Make room on the file system of {_names.Directory}, or let the log have less ({_settings}:MaxTotalBytes, MaxFiles, MaxFileBytes); it is tried again every second"),
            UnauthorizedAccessException => (problem + exception.Message,
                $"Let the user of this process create and write files in {_names.Directory}, or set another {_settings}:Path; it is tried again every second"),
            _ => (problem + exception.Message,
                $"See whether {_names.Directory} is a directory that this process can write, or set another {_settings}:Path; it is tried again every second"),
        };
    }
}
