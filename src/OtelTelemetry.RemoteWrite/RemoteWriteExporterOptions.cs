using OtelTelemetry.Exporters.Http;
using OtelTelemetry.Exporters.Prometheus;

namespace OtelTelemetry.Exporters.RemoteWrite;

/// <summary>The settings of a <see cref="RemoteWriteExporter"/>.</summary>
public sealed class RemoteWriteExporterOptions : MetricsExporterOptions
{
    /// <summary>Where to send, http or https, with its path. Default: <c>http://localhost:9090/api/v1/write</c>, which is Prometheus'.</summary>
    public Uri Endpoint { get; set; } = new("http://localhost:9090/api/v1/write");

    /// <summary>The user for basic authentication. Default: none.</summary>
    public string? Username { get; set; }

    /// <summary>The user's password. Never shown. Default: none.</summary>
    public string? Password { get; set; }

    /// <summary>A token that is sent in place of user and password. Never shown. Default: none.</summary>
    public string? BearerToken { get; set; }

    /// <summary>Further headers of every request, such as a tenant's id. Values are never shown. Default: none.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The label <c>job</c> of every series; empty for none. Default: null, which is <c>service.namespace/service.name</c> or <c>service.name</c>.</summary>
    public string? Job { get; set; }

    /// <summary>The label <c>instance</c> of every series; empty for none. Default: null, which is <c>service.instance.id</c>.</summary>
    public string? Instance { get; set; }

    /// <summary>Labels that every series gets, unless it has one of that name. Default: none.</summary>
    public IDictionary<string, string> ExternalLabels { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What every metric's name begins with, followed by an underscore; or empty, the default.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Whether every series carries its meter's name and version. Default: false, only where two meters have a metric of one name.</summary>
    public bool ScopeLabels { get; set; }

    /// <summary>Whether resource attributes are sent as the metric <c>target_info</c>. Default: true.</summary>
    public bool TargetInfo { get; set; } = true;

    /// <summary>Whether exemplars are sent. Default: true.</summary>
    public bool Exemplars { get; set; } = true;

    /// <summary>Whether exponential histograms are sent as native histograms. Default: true. When false, and where one is too coarse for a native
    /// one, they are sent as classic histograms whose bounds are powers of two. VictoriaMetrics needs false.</summary>
    public bool NativeHistograms { get; set; } = true;

    /// <summary>How often type, help and unit of all metrics are sent; zero for never. Default: 1 minute.</summary>
    public TimeSpan MetadataInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether a series that is gone is ended at once, and all when the exporter ends. Default: true. When false they are seen for
    /// another five minutes.</summary>
    public bool StaleMarkers { get; set; } = true;

    /// <summary>The most samples in one request, from 1. Default: 2000.</summary>
    public int MaxSamplesPerRequest { get; set; } = 2000;

    /// <summary>The most bytes of one request before compression, from 1024. A series that alone is larger is dropped and counted. Default: 1,048,576.</summary>
    public int MaxRequestBytes { get; set; } = 1024 * 1024;

    /// <inheritdoc/>
    public override MetricsExporter Create(ExporterContext context) => new RemoteWriteExporter(this, context);

    internal override bool WantsExemplars => Exemplars;

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        foreach (var error in base.Check()) yield return error;
        if (HttpEndpoints.Check(Endpoint, "http://localhost:9090/api/v1/write") is { } endpoint) yield return (nameof(Endpoint), endpoint.Problem, endpoint.Remedy);
        foreach (var error in HttpCredentials.Check(Username, Password, BearerToken, Headers)) yield return error;
        if (PrometheusNames.CheckPrefix(Prefix) is { } prefix) yield return (nameof(Prefix), prefix.Problem, prefix.Remedy);
        foreach (var name in ExternalLabels.Keys)
        {
            if (!PrometheusNames.IsLegacyLabel(name) || name.StartsWith("__", StringComparison.Ordinal))
            {
                yield return ($"{nameof(ExternalLabels)}:{name}", $"'{name}' is not a label's name", "Allowed: letters, digits and '_', not beginning with a digit or '__'");
            }
        }

        if (MetadataInterval < TimeSpan.Zero) yield return (nameof(MetadataInterval), $"{MetadataInterval} is negative", "Allowed: 0s for never, or more");
        if (MaxSamplesPerRequest < 1) yield return (nameof(MaxSamplesPerRequest), $"{MaxSamplesPerRequest} samples are no request", "Allowed: from 1, such as 2000");
        if (MaxRequestBytes < 1024) yield return (nameof(MaxRequestBytes), $"{MaxRequestBytes} bytes hold no series", "Allowed: from 1024, such as 1048576");
    }
}
