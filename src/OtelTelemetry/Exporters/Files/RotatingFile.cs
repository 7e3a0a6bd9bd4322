namespace OtelTelemetry.Exporters.Files;

/// <summary>
/// Appends to a file up to a size; then the file gets the number 1, those with numbers the next one, and the last is deleted.
/// Opened for each turn, so that whoever moves files by other means does no harm. One turn at a time.
/// </summary>
internal sealed class RotatingFile
{
    private readonly long _maxBytes;
    private readonly int _maxFiles;
    private readonly UnixFileMode _mode;
    private FileStream? _stream;

    public RotatingFile(string path, long maxBytes, int maxFiles, UnixFileMode mode)
    {
        Path = System.IO.Path.GetFullPath(path);
        _maxBytes = maxBytes;
        _maxFiles = maxFiles;
        _mode = mode;
    }

    /// <summary>The file, with its whole path.</summary>
    public string Path { get; }

    /// <summary>Appends whole lines, each of which stays in one file.</summary>
    /// <param name="lines">The lines, each with its line feed.</param>
    public void Append(ReadOnlySpan<byte> lines)
    {
        while (lines.Length > 0)
        {
            var stream = _stream ??= Open();
            var room = _maxBytes - stream.Length;
            var length = WholeLines(lines, room);
            if (length == 0 && stream.Length > 0)
            {
                Rotate();
                continue;
            }

            if (length == 0) length = lines.IndexOf((byte)'\n') + 1;
            stream.Write(lines[..length]);
            lines = lines[length..];
        }
    }

    /// <summary>Ends a turn.</summary>
    public void Close()
    {
        _stream?.Dispose();
        _stream = null;
    }

    /// <summary>How many bytes of whole lines fit.</summary>
    private static int WholeLines(ReadOnlySpan<byte> lines, long room)
    {
        if (room >= lines.Length) return lines.Length;
        return room <= 0 ? 0 : lines[..(int)room].LastIndexOf((byte)'\n') + 1;
    }

    private FileStream Open()
    {
        var stream = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        try
        {
            if (stream.Length == 0)
            {
                FileModes.Apply(stream.SafeFileHandle, _mode);
                return stream;
            }

            // What a crash left of a line must not swallow the next one.
            stream.Seek(-1, SeekOrigin.End);
            if (stream.ReadByte() != '\n') stream.Write("\n"u8);
            return stream;
        }
        catch (Exception)
        {
            stream.Dispose();
            throw;
        }
    }

    private void Rotate()
    {
        Close();
        if (_maxFiles == 0)
        {
            File.Delete(Path);
            return;
        }

        for (var number = _maxFiles - 1; number >= 1; number--)
        {
            if (File.Exists(Numbered(number))) File.Move(Numbered(number), Numbered(number + 1), overwrite: true);
        }

        File.Move(Path, Numbered(1), overwrite: true);
    }

    private string Numbered(int number) => $"{Path}.{number}";
}
