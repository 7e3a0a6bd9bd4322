using OtelTelemetry.Configuration;
using OtelTelemetry.Logging.Formats;
using OtelTelemetry.Logging.Sinks.Queue;

namespace OtelTelemetry.Logging.Sinks.Files;

/// <summary>Writes log records to files that are rolled, bounded in number and size, and compressed where that is wanted. Immutable.</summary>
public sealed record FileLogOptions : LogSinkOptions
{
    /// <summary>The file, such as <c>/var/log/shop/app.log</c>; a number or the time is put before its extension where files are rolled. Its directory is made where it is missing. A relative path begins at the
    /// working directory. Required.</summary>
    public string Path { get; init; } = "";

    /// <summary>How a record is written. Default: <see cref="LogFormat.Json"/>, an object in a line.</summary>
    public LogFormat Format { get; init; } = LogFormat.Json;

    /// <summary>How many bytes a file has before the next begins; the last record of a file may go beyond it. From 1 KiB; null for no limit. Default: 100 MiB.</summary>
    public long? MaxFileBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary>When a new file begins, beside when the last one is full. Default: <see cref="FileLogInterval.None"/>, only then.</summary>
    public FileLogInterval Interval { get; init; }

    /// <summary>The most files that are kept, the one that is written among them; the oldest is deleted when a new one begins. From 1; null for no limit. Default: 31.</summary>
    public int? MaxFiles { get; init; } = 31;

    /// <summary>The most bytes all files have together, compressed ones as they are, and the one that is written counted as full. Not less than <see cref="MaxFileBytes"/>; null for no limit. Default: 1 GiB.</summary>
    public long? MaxTotalBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary>Whether files that are closed are compressed, as <c>.gz</c>, in the background. Default: false.</summary>
    public bool Compress { get; init; }

    /// <summary>Whether several processes of one machine write to the file together, all of them with this setting. Otherwise one process holds it, and a second one waits until it ends. Default: false.</summary>
    public bool Shared { get; init; }

    /// <summary>How long a record waits at most before it is given to the operating system; full blocks of 64 KiB go at once. From zero to an hour. Default: one second.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The most bytes that wait while the disk is slow, full or away; records beyond are dropped and counted. At least 64 KiB. Default: 8 MiB.</summary>
    public long MaxQueueBytes { get; init; } = 8 * 1024 * 1024;

    /// <inheritdoc/>
    public override LogSink Create(LogSinkContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new FileLogSink(this, context);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Property, string Problem, string Remedy)> CheckOwn()
    {
        if (PathProblem() is { } problem) yield return (nameof(Path), problem, "Allowed: the path of a file, such as /var/log/shop/app.log");
        if (!Enum.IsDefined(Format)) yield return (nameof(Format), $"{Format} is not a format", "Allowed: Json, Ecs, Text");
        if (!Enum.IsDefined(Interval)) yield return (nameof(Interval), $"{Interval} is not an interval", "Allowed: None, Hour, Day");
        if (MaxFileBytes < 1024) yield return (nameof(MaxFileBytes), $"{MaxFileBytes} bytes are too few", "Allowed: from 1KiB, such as 100MiB, or none");
        if (MaxFiles < 1) yield return (nameof(MaxFiles), $"{MaxFiles} is too few", "Allowed: from 1, such as 31, or none");
        if (MaxTotalBytes is { } total)
        {
            if (total < 1024) yield return (nameof(MaxTotalBytes), $"{total} bytes are too few", "Allowed: from 1KiB, such as 1GiB, or none");
            else if (MaxFileBytes is { } file && total < file) yield return (nameof(MaxTotalBytes), $"{total} bytes are fewer than one file may have ({nameof(MaxFileBytes)}: {file})", "Allowed: at least the size of a file");
        }

        foreach (var error in LogQueueSettings.Check(MaxQueueBytes, FlushInterval)) yield return error;
    }

    internal static LogSinkOptions Read(SettingSection settings)
    {
        var options = new FileLogOptions();
        settings.Bind("Path", Parse.Text, value => options = options with { Path = value });
        settings.Bind("Format", Parse.Name<LogFormat>, value => options = options with { Format = value });
        settings.Bind("MaxFileBytes", OrNone(Parse.OptionalSize), value => options = options with { MaxFileBytes = value });
        settings.Bind("Interval", Parse.Name<FileLogInterval>, value => options = options with { Interval = value });
        settings.Bind("MaxFiles", OrNone(Parse.OptionalInteger), value => options = options with { MaxFiles = value });
        settings.Bind("MaxTotalBytes", OrNone(Parse.OptionalSize), value => options = options with { MaxTotalBytes = value });
        settings.Bind("Compress", Parse.Boolean, value => options = options with { Compress = value });
        settings.Bind("Shared", Parse.Boolean, value => options = options with { Shared = value });
        settings.Bind("FlushInterval", Parse.Duration, value => options = options with { FlushInterval = value });
        settings.Bind("MaxQueueBytes", Parse.OptionalSize, value => options = options with { MaxQueueBytes = value ?? options.MaxQueueBytes });
        return options;
    }

    /// <summary>A limit that can be switched off by its name.</summary>
    private static Func<string, Parsed<T?>> OrNone<T>(Func<string, Parsed<T?>> parse)
        where T : struct =>
        text => text.Equals("none", StringComparison.OrdinalIgnoreCase) ? (T?)null : parse(text);

    private string? PathProblem()
    {
        if (string.IsNullOrWhiteSpace(Path)) return "it is missing";
        if (Path.Contains('\0', StringComparison.Ordinal)) return "it has a character that no path can have";
        return System.IO.Path.GetFileName(Path) is "" or "." or ".." ? $"'{Path}' is a directory" : null;
    }
}
