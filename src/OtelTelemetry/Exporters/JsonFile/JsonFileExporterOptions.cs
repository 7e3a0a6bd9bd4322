using OtelTelemetry.Exporters.Files;

namespace OtelTelemetry.Exporters.JsonFile;

/// <summary>The settings of a <see cref="JsonFileExporter"/>.</summary>
public sealed class JsonFileExporterOptions : MetricsExporterOptions
{
    /// <summary>The file, in a directory that exists. Has no default.</summary>
    public string Path { get; set; } = "";

    /// <summary>Who may read and write the file; ignored on Windows. In the configuration octal digits as for <c>chmod</c>. Default: 644.</summary>
    public UnixFileMode Mode { get; set; } =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <inheritdoc/>
    public override MetricsExporter Create(ExporterContext context) => new JsonFileExporter(this, context);

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        foreach (var error in base.Check()) yield return error;
        if (FilePaths.Check(Path, "/var/lib/shop/metrics.json") is { } path) yield return (nameof(Path), path.Problem, path.Remedy);
        if (FileModes.Check(Mode) is { } mode) yield return (nameof(Mode), mode.Problem, mode.Remedy);
    }
}
