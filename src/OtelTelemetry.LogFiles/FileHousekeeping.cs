using System.IO.Compression;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Logging.Sinks.Files;

/// <summary>
/// Keeps the files of a log within their number and size, and compresses closed ones in the background. Never throws: what it cannot do is told, and tried again
/// when the next file begins. <see cref="Begin"/> and <see cref="Opened"/> are called by the thread that writes.
/// </summary>
internal sealed class FileHousekeeping : IDisposable
{
    private const int ChunkBytes = 128 * 1024;

    /// <summary>Other processes change to the next hour or day when they write next: for so long a file may still get lines.</summary>
    private static readonly TimeSpan s_othersFollow = TimeSpan.FromMinutes(1);

    private readonly FileLogOptions _options;
    private readonly LogFileNames _names;
    private readonly string _component;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _gate = new();

    private LogFile? _current;
    // How often a file was opened since the last look; while there are any, one thread compresses.
    private int _requests;
    private volatile bool _isEnding;

    public FileHousekeeping(FileLogOptions options, LogFileNames names, string component, TimeProvider timeProvider)
    {
        _options = options;
        _names = names;
        _component = component;
        _timeProvider = timeProvider;
    }

    /// <summary>Called before a file is deleted for good.</summary>
    internal Action<string>? Deleting { get; set; }

    /// <summary>Tidies up after a process that was killed: halves of compressed files, and lines without an end. Nobody else writes.</summary>
    /// <param name="cutsLines">Whether a line without an end is cut off.</param>
    public void Begin(bool cutsLines)
    {
        Alone(() =>
        {
            foreach (var file in _names.Find())
            {
                if (file.Kind == LogFileKind.Unfinished) Try(() => File.Delete(file.Path), $"{file.Path} cannot be deleted");
            }
        });

        // A shared file may be in the middle of a line because another process is; it is looked at when it is ours.
        if (_options.Shared) return;
        foreach (var file in _names.Find().Where(file => file.Kind == LogFileKind.Plain).OrderByDescending(file => File.GetLastWriteTimeUtc(file.Path)).Take(2))
        {
            Try(() => LineEnd.Repair(file.Path, cutsLines), $"the last line of {file.Path} cannot be repaired");
        }
    }

    /// <summary>A file was opened to be written: those before it are closed.</summary>
    public void Opened(string path)
    {
        Volatile.Write(ref _current, _names.Parse(path));
        Try(DeleteOldest, $"log files of {_names.Path} cannot be deleted");
        if (!_options.Compress || Interlocked.Increment(ref _requests) > 1) return;
        ThreadPool.UnsafeQueueUserWorkItem(static housekeeping => housekeeping.CompressAll(), this, preferLocal: false);
    }

    /// <summary>Waits until nothing is being compressed.</summary>
    internal bool WaitUntilIdle(TimeSpan timeout) => SpinWait.SpinUntil(() => Volatile.Read(ref _requests) == 0, timeout);

    /// <summary>Gives up what is being compressed: it is done at the next start.</summary>
    public void Dispose()
    {
        _isEnding = true;
        WaitUntilIdle(TimeSpan.FromSeconds(1));
    }

    private static bool IsCopy(string compressed, FileInfo of)
    {
        var file = new FileInfo(compressed);
        if (!file.Exists || file.Length < 18 || file.LastWriteTimeUtc != of.LastWriteTimeUtc) return false;

        // The end of the format is the length of what is compressed.
        Span<byte> end = stackalloc byte[4];
        using var handle = File.OpenHandle(compressed, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return RandomAccess.Read(handle, end, file.Length - 4) == 4 && System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(end) == (uint)of.Length;
    }

    private void DeleteOldest()
    {
        lock (_gate)
        {
            if (_current is not { } current) return;
            var files = _names.Find().Where(file => file.Kind != LogFileKind.Unfinished).Select(file => (File: file, Info: new FileInfo(file.Path))).Where(file => file.Info.Exists).ToList();
            long count = files.Count;
            var total = files.Sum(file => file.File.Path == current.Path ? Math.Max(file.Info.Length, _options.MaxFileBytes ?? 0) : file.Info.Length);
            foreach (var (file, info) in files.Where(file => IsClosed(file.File, current)).OrderBy(file => file.Info.LastWriteTimeUtc).ThenBy(file => file.File.Period, StringComparer.Ordinal).ThenBy(file => file.File.Sequence))
            {
                if (count <= (_options.MaxFiles ?? long.MaxValue) && total <= (_options.MaxTotalBytes ?? long.MaxValue)) return;
                Deleting?.Invoke(file.Path);
                File.Delete(file.Path);
                count--;
                total -= info.Length;
            }
        }
    }

    /// <summary>Whether nobody writes a file any more: one behind the current may have been begun a moment ago, before it is known here.</summary>
    private static bool IsClosed(LogFile file, LogFile current) => file.Kind == LogFileKind.Compressed || file.IsBefore(current);

    private void CompressAll()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _requests);
            Alone(() => Try(() =>
            {
                while (!_isEnding && NextToCompress() is { } file) Compress(file);
            }, $"log files of {_names.Path} cannot be compressed"));
        }
        while (Interlocked.Add(ref _requests, -seen) > 0);
    }

    private string? NextToCompress()
    {
        if (Volatile.Read(ref _current) is not { } current) return null;
        return _names.Find().Where(file => file.Kind == LogFileKind.Plain && IsClosed(file, current)).Select(file => new FileInfo(file.Path))
            .Where(info => info.Exists && (!_options.Shared || info.Length >= _options.MaxFileBytes || _timeProvider.GetUtcNow() - info.LastWriteTimeUtc > s_othersFollow))
            .OrderByDescending(info => info.LastWriteTimeUtc).FirstOrDefault()?.FullName;
    }

    /// <summary>Under its name a compressed file is whole: it gets it at the end.</summary>
    private void Compress(string path)
    {
        var unfinished = LogFileNames.UnfinishedOf(path);
        try
        {
            var source = new FileInfo(path);
            if (!IsCopy(LogFileNames.CompressedOf(path, 0), source) && !CompressTo(unfinished, path)) return;
            lock (_gate)
            {
                source.Refresh();
                if (source.Exists) Replace(source, unfinished);
            }
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static void Replace(FileInfo source, string unfinished)
    {
        for (var attempt = 0; ; attempt++)
        {
            var compressed = LogFileNames.CompressedOf(source.FullName, attempt);
            if (File.Exists(compressed))
            {
                // A process was killed just before it deleted what it had compressed.
                if (!IsCopy(compressed, source)) continue;
            }
            else
            {
                File.Move(unfinished, compressed);
            }

            source.Delete();
            return;
        }
    }

    /// <returns>Whether it is done; false where the sink ends.</returns>
    private bool CompressTo(string target, string path)
    {
        using (var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
        using (var output = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
            {
                var chunk = new byte[ChunkBytes];
                for (int read; (read = source.Read(chunk)) > 0;)
                {
                    if (_isEnding) return false;
                    gzip.Write(chunk, 0, read);
                }
            }

            // Not even when the machine loses its power may the file it is made of go first.
            output.Flush(flushToDisk: true);
        }

        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(target, File.GetUnixFileMode(path));
        File.SetLastWriteTimeUtc(target, File.GetLastWriteTimeUtc(path));
        return true;
    }

    /// <summary>Does something that only one process may do at a time; where another does it, nothing.</summary>
    private void Alone(Action action)
    {
        if (!_options.Shared)
        {
            action();
            return;
        }

        Try(() =>
        {
            using var mutex = new Mutex(initiallyOwned: false, LogFileNames.MutexOf(_names.Path) + ".housekeeping");
            try
            {
                if (!mutex.WaitOne(0)) return;
            }
            catch (AbandonedMutexException)
            {
                // The process that did it was killed; it is ours now.
            }

            try
            {
                action();
            }
            finally
            {
                mutex.ReleaseMutex();
            }
        }, $"log files of {_names.Path} cannot be looked after");
    }

    private void Try(Action action, string problem)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            TelemetryErrors.Report(Diagnostic.LogFilesNotTidied, _component, problem, $"See the cause, and the rights in {_names.Directory}; it is tried again when the next file begins", exception, problem);
        }
    }
}
