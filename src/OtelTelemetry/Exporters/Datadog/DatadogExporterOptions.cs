using OtelTelemetry.Exporters.Deltas;
using OtelTelemetry.Exporters.Http;

namespace OtelTelemetry.Exporters.Datadog;

/// <summary>The settings of a <see cref="DatadogExporter"/> (<c>Telemetry:Exporters:Datadog</c>). Copied when the exporter is made.</summary>
public sealed class DatadogExporterOptions : MetricsExporterOptions
{
    /// <summary>The API key of the organisation: a secret, which is never shown. Needed unless <see cref="Endpoint"/> is set. Default: null.</summary>
    public string? ApiKey { get; set; }

    /// <summary>An application key: a secret, which is never shown. Series do not need one; it is sent along where it is set. Default: null.</summary>
    public string? AppKey { get; set; }

    /// <summary>The site of the organisation, such as datadoghq.eu. Ignored when <see cref="Endpoint"/> is set. Default: datadoghq.com.</summary>
    public string Site { get; set; } = "datadoghq.com";

    /// <summary>The address up to <c>/api/…</c>, for a proxy or another server that speaks Datadog's interface. Default: null, which is
    /// <c>https://api.</c> and the site.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The version of the interface. Default: <see cref="DatadogApi.V2"/>.</summary>
    public DatadogApi Api { get; set; }

    /// <summary>Put before every name, with a dot between. Default: empty.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The host that the metrics belong to; empty for none. Default: null, which is the resource's <c>host.name</c>, or this machine's name.</summary>
    public string? Host { get; set; }

    /// <summary>Tags that every series has. Default: none beside <c>service</c>, <c>env</c> and <c>version</c>, which come of the resource unless they are set here.</summary>
    public IDictionary<string, string> Tags { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How requests are compressed. Default: gzip.</summary>
    public DatadogCompression Compression { get; set; }

    /// <summary>The quantiles that are estimated of histograms, each above 0 and below 1. Default: 0.5, 0.95, 0.99. A summary has its own.</summary>
    public IList<double> Quantiles { get; } = [0.5, 0.95, 0.99];

    /// <summary>The most series of counters, histograms and summaries; from 1. Further ones are left out and counted. Default: 100000.</summary>
    public int MaxSeries { get; set; } = 100_000;

    /// <summary>Makes the exporter.</summary>
    /// <param name="context">What it is made with.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists every one and how to mend it.</exception>
    public override MetricsExporter Create(ExporterContext context) => new DatadogExporter(this, context);

    /// <summary>Where series are sent.</summary>
    internal Uri SeriesAddress
    {
        get
        {
            var address = Endpoint is null ? $"https://api.{Site}" : Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/');
            return new Uri(address + (Api == DatadogApi.V1 ? "/api/v1/series" : "/api/v2/series"));
        }
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        foreach (var wrong in base.Check()) yield return wrong;
        if (Endpoint is null)
        {
            if (string.IsNullOrWhiteSpace(ApiKey)) yield return (nameof(ApiKey), "it is missing", "Give an API key of the organisation, from a secret store or a variable");
            if (Uri.CheckHostName(Site) != UriHostNameType.Dns) yield return (nameof(Site), $"'{Site}' is not a site", "Allowed: datadoghq.com, datadoghq.eu, us3.datadoghq.com, us5.datadoghq.com, ap1.datadoghq.com, ddog-gov.com");
        }
        else if (HttpEndpoints.Check(Endpoint, "http://localhost:8428/datadog") is { } wrong)
        {
            yield return (nameof(Endpoint), wrong.Problem, wrong.Remedy);
        }

        foreach (var (property, key) in new[] { (nameof(ApiKey), ApiKey), (nameof(AppKey), AppKey) })
        {
            if (!string.IsNullOrWhiteSpace(key) && key.Any(c => c is <= ' ' or > '~')) yield return (property, "the key (hidden) has characters that no key has", "Allowed: letters and digits");
        }

        if (!Enum.IsDefined(Api)) yield return (nameof(Api), $"{Api} is not defined", "Allowed: V2, V1");
        if (!Enum.IsDefined(Compression)) yield return (nameof(Compression), $"{Compression} is not defined", "Allowed: Gzip, Deflate, None");
        if (Prefix is null || (Prefix.Length > 0 && !char.IsAsciiLetter(Prefix[0]))) yield return (nameof(Prefix), $"'{Prefix}' cannot begin a metric's name", "Allowed: a name that begins with a letter, or empty");
        if (Tags.Keys.Any(string.IsNullOrWhiteSpace)) yield return (nameof(Tags), "a tag has no name", "Allowed: names that are not empty");
        foreach (var setting in DeltaSettings.Check(Quantiles, MaxSeries)) yield return setting;
    }
}
