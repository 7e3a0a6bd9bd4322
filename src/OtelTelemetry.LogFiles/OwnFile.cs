using System.Text;
using OtelTelemetry.Logging.Sinks.Queue;
using Serilog.Sinks.File;

namespace OtelTelemetry.Logging.Sinks.Files;

/// <summary>A file that this process alone writes. Used by one thread.</summary>
internal sealed class OwnFile : RollingFile
{
    private string? _path;
    private long _length;
    private bool _isDirty;

    public OwnFile(FileLogOptions options, LogFileNames names, FileHousekeeping housekeeping, TimeProvider timeProvider)
        : base(options, names, housekeeping, timeProvider) => Hooks = new Opening(this);

    protected override FileLifecycleHooks Hooks { get; }

    protected override void Write(LogBlock block, Stream stream)
    {
        var (bytes, end) = Fitting(block, _length);
        _isDirty = true;
        stream.Write(bytes.Array!, bytes.Offset, bytes.Count);
        stream.Flush();
        _isDirty = false;
        _length += bytes.Count;
        block.Written = end;
    }

    protected override bool HasMoved()
    {
        if (_path is null) return false;
        var file = new FileInfo(_path);
        return !file.Exists || file.Length != _length;
    }

    protected override void Closed()
    {
    }

    /// <summary>Closing may have written what failed, or a part of it: it will be written again.</summary>
    protected override void Repair()
    {
        if (!_isDirty) return;
        var file = new FileInfo(_path!);
        if (file.Exists && file.Length > _length)
        {
            using var handle = File.OpenHandle(_path!, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            RandomAccess.SetLength(handle, _length);
        }

        _isDirty = false;
    }

    private void Opened(string path, Stream stream)
    {
        _path = path;
        _length = stream.Length;
        Housekeeping.Opened(path);
    }

    private sealed class Opening(OwnFile file) : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
        {
            file.Opened(path, underlyingStream);
            return underlyingStream;
        }
    }
}
