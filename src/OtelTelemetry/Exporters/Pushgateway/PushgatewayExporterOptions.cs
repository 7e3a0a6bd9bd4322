using OtelTelemetry.Exporters.Http;
using OtelTelemetry.Exporters.Prometheus;

namespace OtelTelemetry.Exporters.Pushgateway;

/// <summary>The settings of a <see cref="PushgatewayExporter"/>.</summary>
public sealed class PushgatewayExporterOptions : MetricsExporterOptions
{
    /// <summary>Where the Pushgateway is, http or https; <c>/metrics/job/…</c> is appended. Default: <c>http://localhost:9091</c>.</summary>
    public Uri Endpoint { get; set; } = new("http://localhost:9091");

    /// <summary>The job of the pushed group. Default: null, which is <c>service.name</c>.</summary>
    public string? Job { get; set; }

    /// <summary>Further labels of the pushed group, such as <c>instance</c>: every series gets them, and what is pushed replaces or joins the
    /// group that has exactly these. Default: none, so that a job that runs again takes the place of its last run.</summary>
    public IDictionary<string, string> Grouping { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether a push replaces all metrics of the group (PUT). Default: true. When false it replaces those of the same names only (POST).</summary>
    public bool Replace { get; set; } = true;

    /// <summary>Whether the group is deleted when the exporter ends. Default: false, since the metrics of a job that has ended are the reason for a
    /// Pushgateway; true for a service that lives on.</summary>
    public bool DeleteOnShutdown { get; set; }

    /// <summary>The user for basic authentication. Default: none.</summary>
    public string? Username { get; set; }

    /// <summary>The user's password. Never shown. Default: none.</summary>
    public string? Password { get; set; }

    /// <summary>A token that is sent in place of user and password. Never shown. Default: none.</summary>
    public string? BearerToken { get; set; }

    /// <summary>Further headers of every request. Values are never shown. Default: none.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What every metric's name begins with, followed by an underscore; or empty, the default.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Whether resource attributes are pushed as the metric <c>target_info</c>. Default: true.</summary>
    public bool TargetInfo { get; set; } = true;

    /// <inheritdoc/>
    public override MetricsExporter Create(ExporterContext context) => new PushgatewayExporter(this, context);

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        foreach (var error in base.Check()) yield return error;
        if (HttpEndpoints.Check(Endpoint, "http://localhost:9091") is { } endpoint) yield return (nameof(Endpoint), endpoint.Problem, endpoint.Remedy);
        foreach (var error in HttpCredentials.Check(Username, Password, BearerToken, Headers)) yield return error;
        if (PrometheusNames.CheckPrefix(Prefix) is { } prefix) yield return (nameof(Prefix), prefix.Problem, prefix.Remedy);
        if (Job is not null && string.IsNullOrWhiteSpace(Job)) yield return (nameof(Job), "it is empty", "Allowed: a name, or no setting for the service's");
        foreach (var name in Grouping.Keys)
        {
            if (!PrometheusNames.IsLegacyLabel(name) || name.StartsWith("__", StringComparison.Ordinal))
            {
                yield return ($"{nameof(Grouping)}:{name}", $"'{name}' is not a label's name", "Allowed: letters, digits and '_', not beginning with a digit or '__'");
            }
            else if (name == "job")
            {
                yield return ($"{nameof(Grouping)}:{name}", "the job has a setting of its own", "Write it as Job");
            }
        }
    }
}
