using OtelTelemetry.Exporters.Http;

namespace OtelTelemetry.Exporters.CloudWatch;

/// <summary>The settings of a <see cref="CloudWatchExporter"/> (<c>Telemetry:Exporters:CloudWatch</c>). Copied when the exporter is made.</summary>
public sealed class CloudWatchExporterOptions : MetricsExporterOptions
{
    /// <summary>Makes options whose <see cref="MetricsExporterOptions.Interval"/> is a minute, which is CloudWatch's own resolution.</summary>
    public CloudWatchExporterOptions() => Interval = TimeSpan.FromMinutes(1);

    /// <summary>The namespace of the metrics. Default: null, which is the service's name.</summary>
    public string? Namespace { get; set; }

    /// <summary>The region, such as eu-central-1. Default: null, which is the one that AWS's SDK finds: in its variables, profile or the machine.</summary>
    public string? Region { get; set; }

    /// <summary>The id of an access key, with <see cref="SecretAccessKey"/>. Default: null, so that AWS's SDK finds credentials: in its variables,
    /// profile, container or the machine.</summary>
    public string? AccessKeyId { get; set; }

    /// <summary>The access key: a secret, which is never shown. Default: null.</summary>
    public string? SecretAccessKey { get; set; }

    /// <summary>The token of temporary credentials: a secret, which is never shown. Default: null.</summary>
    public string? SessionToken { get; set; }

    /// <summary>Another address than the region's, such as a VPC endpoint's. Default: null.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Dimensions that every metric has; fewer than 30. A label of the same name is used instead. Default: none.</summary>
    public IDictionary<string, string> Dimensions { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What is told of histograms. Default: <see cref="CloudWatchHistograms.StatisticSets"/>.</summary>
    public CloudWatchHistograms Histograms { get; set; }

    /// <summary>To how many seconds CloudWatch keeps the metrics: 60, or 1, which costs more. Default: 60.</summary>
    public int StorageResolution { get; set; } = 60;

    /// <summary>Whether requests are compressed with gzip. Default: true.</summary>
    public bool Compress { get; set; } = true;

    /// <summary>The most series of counters, histograms and summaries; from 1. Further ones are left out and counted. Default: 100000.</summary>
    public int MaxSeries { get; set; } = 100_000;

    /// <summary>Makes the exporter.</summary>
    /// <param name="context">What it is made with.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists every one and how to mend it.</exception>
    public override MetricsExporter Create(ExporterContext context) => new CloudWatchExporter(this, context);

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        foreach (var wrong in base.Check()) yield return wrong;
        foreach (var wrong in CloudWatchSettings.Check(Namespace, Dimensions, Histograms, StorageResolution, [], MaxSeries)) yield return wrong;
        if (Region is not null && (Region.Length == 0 || !Region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')))
        {
            yield return (nameof(Region), $"'{Region}' is not a region", "Allowed: a region such as eu-central-1");
        }

        const string both = "Allowed: AccessKeyId and SecretAccessKey together, or neither, for what AWS's SDK finds";
        if (AccessKeyId is null && SecretAccessKey is not null) yield return (nameof(AccessKeyId), "there is a key (hidden) without its id", both);
        if (AccessKeyId is not null && SecretAccessKey is null) yield return (nameof(SecretAccessKey), "it is missing", both);
        if (SessionToken is not null && SecretAccessKey is null) yield return (nameof(SessionToken), "there is a token (hidden) without its key", both);
        if (Endpoint is not null && HttpEndpoints.Check(Endpoint, "https://monitoring.eu-central-1.amazonaws.com") is { } endpoint) yield return (nameof(Endpoint), endpoint.Problem, endpoint.Remedy);
    }
}
