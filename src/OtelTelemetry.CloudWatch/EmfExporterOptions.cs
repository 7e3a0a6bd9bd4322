using OtelTelemetry.Exporters.Files;

namespace OtelTelemetry.Exporters.CloudWatch;

/// <summary>The settings of an <see cref="EmfExporter"/> (<c>Telemetry:Exporters:Emf</c>). Copied when the exporter is made.</summary>
public sealed class EmfExporterOptions : MetricsExporterOptions
{
    /// <summary>Makes options whose <see cref="MetricsExporterOptions.Interval"/> is a minute, which is CloudWatch's own resolution.</summary>
    public EmfExporterOptions() => Interval = TimeSpan.FromMinutes(1);

    /// <summary>The namespace of the metrics. Default: null, which is the service's name.</summary>
    public string? Namespace { get; set; }

    /// <summary>Dimensions that every metric has; fewer than 30. A label of the same name is used instead. Default: none.</summary>
    public IDictionary<string, string> Dimensions { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What is told of histograms. Default: <see cref="CloudWatchHistograms.StatisticSets"/>.</summary>
    public CloudWatchHistograms Histograms { get; set; }

    /// <summary>To how many seconds CloudWatch keeps the metrics: 60, or 1, which costs more. Default: 60.</summary>
    public int StorageResolution { get; set; } = 60;

    /// <summary>The file to append to. Default: null, which is the standard output, from where AWS Lambda and containers send it on.</summary>
    public string? Path { get; set; }

    /// <summary>Who may read and write the files; ignored on Windows. In the configuration octal digits as for <c>chmod</c>. Default: 640.</summary>
    public UnixFileMode Mode { get; set; } = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    /// <summary>At how many bytes a new file is begun; from 1000. Default: 100000000.</summary>
    public long MaxFileBytes { get; set; } = 100_000_000;

    /// <summary>How many full files are kept, as <c>Path.1</c> and so on; from 0. Default: 1.</summary>
    public int MaxFiles { get; set; } = 1;

    /// <summary>Where to write instead of a file or the standard output; it is not closed. Only in code. Default: null.</summary>
    public Stream? Output { get; set; }

    /// <summary>The most series of counters, histograms and summaries; from 1. Further ones are left out and counted. Default: 100000.</summary>
    public int MaxSeries { get; set; } = 100_000;

    /// <summary>Makes the exporter.</summary>
    /// <param name="context">What it is made with.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists every one and how to mend it.</exception>
    public override MetricsExporter Create(ExporterContext context) => new EmfExporter(this, context);

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        foreach (var wrong in base.Check()) yield return wrong;
        foreach (var wrong in CloudWatchSettings.Check(Namespace, Dimensions, Histograms, StorageResolution, [], MaxSeries)) yield return wrong;
        if (Path is not null && Output is not null) yield return (nameof(Path), "there is a stream as well", "Allowed: Path or Output");
        if (Path is not null && FilePaths.Check(Path, "/var/log/shop/metrics.emf") is { } path) yield return (nameof(Path), path.Problem, path.Remedy);
        if (FileModes.Check(Mode) is { } mode) yield return (nameof(Mode), mode.Problem, mode.Remedy);
        if (MaxFileBytes < 1000) yield return (nameof(MaxFileBytes), $"{MaxFileBytes} is too small for a file", "Allowed: from 1000");
        if (MaxFiles is < 0 or > 1000) yield return (nameof(MaxFiles), $"{MaxFiles} is not a number of files", "Allowed: 0 to 1000");
    }
}
