using System.Globalization;

namespace OtelTelemetry.Logging.Sinks.Files;

/// <summary>
/// Which files of a directory are log files of one sink. Serilog names those that are written, <c>prefix + period + _number + extension</c>; closed ones
/// are compressed as <c>.gz</c>, with a number before it where that name is taken. Immutable.
/// </summary>
internal sealed class LogFileNames
{
    private const string Compressed = ".gz";
    private const string Unfinished = ".gz.tmp";

    private readonly string _prefix;
    private readonly string _extension;
    private readonly int _periodLength;

    public LogFileNames(string path, FileLogInterval interval)
    {
        Path = System.IO.Path.GetFullPath(path);
        Directory = System.IO.Path.GetDirectoryName(Path)!;
        _prefix = System.IO.Path.GetFileNameWithoutExtension(Path);
        _extension = System.IO.Path.GetExtension(Path);
        _periodLength = interval switch { FileLogInterval.Hour => 10, FileLogInterval.Day => 8, _ => 0 };
    }

    /// <summary>The path as it was set, from the root.</summary>
    public string Path { get; }

    public string Directory { get; }

    /// <summary>The file that says which process holds the log.</summary>
    public string Lock => System.IO.Path.Combine(Directory, $".{System.IO.Path.GetFileName(Path)}.lock");

    /// <summary>Where a closed file is compressed to, before it gets its name.</summary>
    public static string UnfinishedOf(string path) => path + Unfinished;

    /// <summary>The names a compressed file may have, the usual one first.</summary>
    public static string CompressedOf(string path, int attempt) => attempt == 0 ? path + Compressed : string.Create(CultureInfo.InvariantCulture, $"{path}.{attempt + 1}{Compressed}");

    /// <summary>The mutex under which Serilog's processes write a shared file.</summary>
    public static string MutexOf(string path) => System.IO.Path.GetFullPath(path).Replace(System.IO.Path.DirectorySeparatorChar, ':') + ".serilog";

    /// <summary>The file that is written at a time of the machine: the last of its period, or the one that would be.</summary>
    public string NewestOf(DateTime time)
    {
        var period = _periodLength == 0 ? "" : time.ToString(_periodLength == 8 ? "yyyyMMdd" : "yyyyMMddHH", CultureInfo.InvariantCulture);
        return Find().Where(file => file.Kind == LogFileKind.Plain && file.Period == period).MaxBy(file => file.Sequence)?.Path
            ?? System.IO.Path.Combine(Directory, _prefix + period + _extension);
    }

    /// <summary>All files of the sink that are there, in no order; none where there is no directory.</summary>
    public List<LogFile> Find()
    {
        var found = new List<LogFile>();
        if (!System.IO.Directory.Exists(Directory)) return found;
        foreach (var path in System.IO.Directory.EnumerateFiles(Directory, _prefix + "*"))
        {
            if (Parse(path) is { } file) found.Add(file);
        }

        return found;
    }

    /// <summary>What a path is; null where it is none of the sink's.</summary>
    public LogFile? Parse(string path)
    {
        var rest = System.IO.Path.GetFileName(path.AsSpan());
        if (!rest.StartsWith(_prefix, StringComparison.Ordinal)) return null;
        rest = rest[_prefix.Length..];
        if (rest.Length < _periodLength || rest[.._periodLength].ContainsAnyExceptInRange('0', '9')) return null;
        var period = rest[.._periodLength].ToString();
        rest = rest[_periodLength..];
        if (TakeSequence(ref rest) is not { } sequence || !rest.StartsWith(_extension, StringComparison.Ordinal)) return null;
        return KindOf(rest[_extension.Length..]) is { } kind ? new LogFile(path, period, sequence, kind) : null;
    }

    private static int? TakeSequence(ref ReadOnlySpan<char> rest)
    {
        if (rest.Length == 0 || rest[0] != '_') return 0;
        var length = rest[1..].IndexOfAnyExceptInRange('0', '9');
        if (length < 0) length = rest.Length - 1;
        if (length < 3 || !int.TryParse(rest.Slice(1, length), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)) return null;
        rest = rest[(length + 1)..];
        return sequence;
    }

    private static LogFileKind? KindOf(ReadOnlySpan<char> ending)
    {
        if (ending.Length == 0) return LogFileKind.Plain;
        if (ending.SequenceEqual(Unfinished)) return LogFileKind.Unfinished;
        if (!ending.EndsWith(Compressed, StringComparison.Ordinal)) return null;
        var number = ending[..^Compressed.Length];
        return number.Length == 0 || (number[0] == '.' && int.TryParse(number[1..], NumberStyles.None, CultureInfo.InvariantCulture, out _)) ? LogFileKind.Compressed : null;
    }
}
