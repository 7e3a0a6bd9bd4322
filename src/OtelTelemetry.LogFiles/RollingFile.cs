using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using OtelTelemetry.Logging.Sinks.Queue;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace OtelTelemetry.Logging.Sinks.Files;

/// <summary>
/// Writes blocks of records to the file that Serilog opens and rolls. Serilog tells nobody when it cannot: it calls for the text of an event only where a file is open, so that the text
/// writes the records itself, as they are and as many as the file may have, and sees every error; and an event without a call is a file that is not open. After a failure
/// the file is cut behind the last whole record that reached the operating system, and everything begins anew. Used by one thread.
/// </summary>
internal abstract class RollingFile(FileLogOptions options, LogFileNames names, FileHousekeeping housekeeping, TimeProvider timeProvider) : ITextFormatter, IDisposable
{
    // What is written are the bytes of the block; the event only makes Serilog look at the time and the size.
    private readonly LogEvent _event = new(DateTimeOffset.UnixEpoch, LogEventLevel.Information, null, new MessageTemplate("", []), []);

    private Logger? _logger;
    private FileStream? _lock;
    private LogBlock? _block;
    private Exception? _failure;

    public static RollingFile Create(FileLogOptions options, LogFileNames names, FileHousekeeping housekeeping, TimeProvider timeProvider) =>
        options.Shared ? new SharedFile(options, names, housekeeping, timeProvider) : new OwnFile(options, names, housekeeping, timeProvider);

    protected FileLogOptions Options { get; } = options;

    protected LogFileNames Names { get; } = names;

    protected FileHousekeeping Housekeeping { get; } = housekeeping;

    /// <summary>A part of a JSON line is worth nothing; one of a text may be all that tells of a crash.</summary>
    protected bool CutsUnfinishedLines => Options.Format != Formats.LogFormat.Text;

    /// <summary>Serilog's hook, where it allows one.</summary>
    protected virtual Serilog.Sinks.File.FileLifecycleHooks? Hooks => null;

    /// <summary>Writes what is not written of a block. Whatever it throws, what <see cref="LogBlock.Written"/> says is true, and no file has a part of a record.</summary>
    public void Write(LogBlock block)
    {
        while (block.Written < block.Count)
        {
            if (_logger is not null && HasMoved()) CloseFile();
            if (_logger is null) Open();
            var before = block.Written;
            _failure = null;
            _block = block;
            _logger!.Write(_event);
            _block = null;
            if (block.Written > before) continue;
            CloseFile();
            Repair();
            if (_failure is not null) ExceptionDispatchInfo.Throw(_failure);
            throw WhyNotOpen();
        }
    }

    public void Format(LogEvent logEvent, TextWriter output)
    {
        if (_block is null) return;
        try
        {
            Write(_block, ((StreamWriter)output).BaseStream);
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
    }

    public void Dispose()
    {
        CloseFile();
        _lock?.Dispose();
        _lock = null;
    }

    /// <summary>Writes what fits of a block to a file that is open.</summary>
    protected abstract void Write(LogBlock block, Stream stream);

    /// <summary>Whether the file was moved, deleted or cut by another: what is written now would be lost.</summary>
    protected abstract bool HasMoved();

    /// <summary>The file is closed: nothing of its stream may be used any more.</summary>
    protected abstract void Closed();

    /// <summary>Takes back what a failed write left behind.</summary>
    protected abstract void Repair();

    /// <summary>The records that go into a file of a length: at least one, and as many as it has room for.</summary>
    /// <returns>Their bytes, and the first record behind them.</returns>
    protected (ArraySegment<byte> Bytes, int End) Fitting(LogBlock block, long length)
    {
        var room = (Options.MaxFileBytes ?? long.MaxValue) - length;
        var end = block.Written;
        var bytes = 0;
        do bytes += block[end++].Length;
        while (end < block.Count && bytes < room);
        var isArray = MemoryMarshal.TryGetArray(block.Unwritten[..bytes], out var segment);
        Debug.Assert(isArray, "A block is an array.");
        return (segment, end);
    }

    private void Open()
    {
        Directory.CreateDirectory(Names.Directory);
        if (_lock is not null && !File.Exists(Names.Lock))
        {
            _lock.Dispose();
            _lock = null;
        }

        if (_lock is null)
        {
            var taken = LogFileLock.Take(Names, Options.Shared);
            Housekeeping.Begin(CutsUnfinishedLines);
            _lock = taken;
        }

        Repair();
        _logger = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.File(
            this,
            Names.Path,
            fileSizeLimitBytes: Options.MaxFileBytes,
            buffered: false,
            shared: Options.Shared,
            rollingInterval: Options.Interval switch { FileLogInterval.Hour => RollingInterval.Hour, FileLogInterval.Day => RollingInterval.Day, _ => RollingInterval.Infinite },
            rollOnFileSizeLimit: true,
            // It would not see the compressed ones.
            retainedFileCountLimit: null,
            hooks: Hooks).CreateLogger();
    }

    private void CloseFile()
    {
        try
        {
            _logger?.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What its stream still held is what could not be written: that is told already, and will be written again.
        }

        _logger = null;
        Closed();
    }

    /// <summary>Finds out what Serilog keeps to itself.</summary>
    private Exception WhyNotOpen()
    {
        var path = Names.NewestOf(timeProvider.GetLocalNow().DateTime);
        try
        {
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            if (Options.Shared) using (new Mutex(initiallyOwned: false, LogFileNames.MutexOf(path))) { }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or WaitHandleCannotBeOpenedException)
        {
            return exception;
        }

        return new IOException($"{path} could not be opened");
    }
}
