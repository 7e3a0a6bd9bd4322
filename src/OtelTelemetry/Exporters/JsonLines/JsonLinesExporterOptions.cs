using OtelTelemetry.Exporters.Files;

namespace OtelTelemetry.Exporters.JsonLines;

/// <summary>The settings of a <see cref="JsonLinesExporter"/>.</summary>
public sealed class JsonLinesExporterOptions : MetricsExporterOptions
{
    /// <summary>The file, in a directory that exists. Full ones are renamed to this with <c>.1</c>, <c>.2</c> and so on. Has no default.</summary>
    public string Path { get; set; } = "";

    /// <summary>Who may read and write the files; ignored on Windows. In the configuration octal digits as for <c>chmod</c>. Default: 640.</summary>
    public UnixFileMode Mode { get; set; } = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    /// <summary>The size in bytes from which on a new file is begun; more than zero. A line is never cut: one that is larger has a file of its own.
    /// Default: 10,000,000.</summary>
    public long MaxFileBytes { get; set; } = 10_000_000;

    /// <summary>How many full files are kept beside the current one, from 0 to 1000; the oldest is deleted. Default: 5.</summary>
    public int MaxFiles { get; set; } = 5;

    /// <inheritdoc/>
    public override MetricsExporter Create(ExporterContext context) => new JsonLinesExporter(this, context);

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        foreach (var error in base.Check()) yield return error;
        if (FilePaths.Check(Path, "/var/log/shop/metrics.jsonl") is { } path) yield return (nameof(Path), path.Problem, path.Remedy);
        if (FileModes.Check(Mode) is { } mode) yield return (nameof(Mode), mode.Problem, mode.Remedy);
        if (MaxFileBytes < 1) yield return (nameof(MaxFileBytes), $"{MaxFileBytes} is no size", "Allowed: from 1, such as 10000000");
        if (MaxFiles is < 0 or > 1000) yield return (nameof(MaxFiles), $"{MaxFiles} is no number of files to keep", "Allowed: 0 to 1000");
    }
}
