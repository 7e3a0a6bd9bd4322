using OtelTelemetry.Exporters.Files;
using OtelTelemetry.Exporters.Prometheus;

namespace OtelTelemetry.Exporters.TextFile;

/// <summary>The settings of a <see cref="TextFileExporter"/>.</summary>
public sealed class TextFileExporterOptions : MetricsExporterOptions
{
    /// <summary>The file, in a directory that exists; node_exporter's textfile collector reads files that end in <c>.prom</c>. Has no default.</summary>
    public string Path { get; set; } = "";

    /// <summary>Who may read and write the file; ignored on Windows. In the configuration octal digits as for <c>chmod</c>.
    /// Default: 644, since node_exporter usually is another user.</summary>
    public UnixFileMode Mode { get; set; } =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>What every metric's name begins with, followed by an underscore; or empty, the default. Where one collector reads the files
    /// of several applications, it tells their equal metrics apart.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Whether resource attributes are written as the metric <c>target_info</c>. Default: true.</summary>
    public bool TargetInfo { get; set; } = true;

    /// <inheritdoc/>
    public override MetricsExporter Create(ExporterContext context) => new TextFileExporter(this, context);

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        foreach (var error in base.Check()) yield return error;
        if (FilePaths.Check(Path, "/var/lib/node_exporter/shop.prom") is { } path) yield return (nameof(Path), path.Problem, path.Remedy);
        if (FileModes.Check(Mode) is { } mode) yield return (nameof(Mode), mode.Problem, mode.Remedy);
        if (PrometheusNames.CheckPrefix(Prefix) is { } prefix) yield return (nameof(Prefix), prefix.Problem, prefix.Remedy);
    }
}
