using Microsoft.Win32.SafeHandles;
using OtelTelemetry.Logging.Sinks.Queue;

namespace OtelTelemetry.Logging.Sinks.Files;

/// <summary>
/// A file that several processes write. Serilog calls for the text while it holds the mutex of the file, so that the end of the file stays where it is. What is written goes past the
/// stream's buffer: a rest of it, written later, would be written over the lines of others. Used by one thread.
/// </summary>
internal sealed class SharedFile(FileLogOptions options, LogFileNames names, FileHousekeeping housekeeping, TimeProvider timeProvider) : RollingFile(options, names, housekeeping, timeProvider)
{
    private FileStream? _stream;
    private SafeFileHandle? _handle;
    private string? _link;
    private long _lastEnd;
    private bool _reopens;

    protected override void Write(LogBlock block, Stream stream)
    {
        if (!ReferenceEquals(stream, _stream)) Opened((FileStream)stream);
        var length = RandomAccess.GetLength(_handle!);
        if (length != _lastEnd) length = RepairEnd(length);
        var (bytes, end) = Fitting(block, length);
        try
        {
            RandomAccess.Write(_handle!, bytes, length);
        }
        catch (Exception)
        {
            // While it is ours: a part of a record would be glued to what another process writes.
            RandomAccess.SetLength(_handle!, length);
            throw;
        }

        _lastEnd = length + bytes.Count;
        block.Written = end;
    }

    protected override bool HasMoved()
    {
        if (_stream is null) return false;
        if (_reopens || _link != LinkOf(_handle!)) return true;
        var length = RandomAccess.GetLength(_handle!);
        var file = new FileInfo(_stream.Name);
        return !file.Exists || file.Length < length;
    }

    protected override void Closed()
    {
        _stream = null;
        _handle = null;
        _reopens = false;
    }

    protected override void Repair()
    {
    }

    /// <summary>Where the file is now that was opened; empty where the system does not tell.</summary>
    private static string LinkOf(SafeFileHandle handle) =>
        OperatingSystem.IsLinux() ? new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget ?? "" : "";

    private void Opened(FileStream stream)
    {
        _stream = stream;
        _handle = stream.SafeFileHandle;
        _link = LinkOf(_handle);
        _lastEnd = 0;
        Housekeeping.Opened(stream.Name);
    }

    /// <summary>Another process wrote: it may have been killed in the middle of a line.</summary>
    /// <returns>Where the file ends now.</returns>
    private long RepairEnd(long length)
    {
        using var reader = File.OpenHandle(_stream!.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (LineEnd.IsWhole(reader, length)) return length;
        if (!CutsUnfinishedLines)
        {
            RandomAccess.Write(_handle!, "\n"u8, length);
            return length + 1;
        }

        // The stream was opened to append, and refuses to go before the end it found then.
        _reopens = true;
        length = LineEnd.StartOfLast(reader, length);
        RandomAccess.SetLength(_handle!, length);
        return length;
    }
}
