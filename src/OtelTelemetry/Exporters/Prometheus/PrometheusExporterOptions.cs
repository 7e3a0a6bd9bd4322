using System.Globalization;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Settings of the Prometheus exporter. Copied where an exporter is made: later changes have no effect.</summary>
public sealed class PrometheusExporterOptions
{
    /// <summary>Whether there is an endpoint at all. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The path of the endpoint. Begins with a slash. Default <c>/metrics</c>.</summary>
    public string Path { get; set; } = "/metrics";

    /// <summary>A port of its own for the endpoint, from 1 to 65535. Default null: the application's own port, where it has one.</summary>
    public int? Port { get; set; }

    /// <summary>The address the own port listens on; ignored without <see cref="Port"/>. Default <c>localhost</c>, which is reached from this
    /// machine only; <c>+</c> listens on every address, as a container needs.</summary>
    public string Host { get; set; } = "localhost";

    /// <summary>What every metric's name begins with, followed by an underscore; or empty, the default.
    /// Letters, digits, underscores and colons, not beginning with a digit.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Whether every series carries the meter's name and version as <c>otel_scope_name</c> and <c>otel_scope_version</c>.
    /// Default false: only families that several meters feed carry them, since their series could not be told apart otherwise.</summary>
    public bool ScopeLabels { get; set; }

    /// <summary>Whether resource attributes are shown as the metric <c>target_info</c>. Default true.</summary>
    public bool TargetInfo { get; set; } = true;

    /// <summary>Whether OpenMetrics answers carry exemplars. Default true.</summary>
    public bool Exemplars { get; set; } = true;

    /// <summary>Whether a scraper that asks for <c>escaping=allow-utf-8</c>, as Prometheus 3 does, gets names as OpenTelemetry spells them
    /// (<c>http.server.request.duration_seconds</c>), and one that asks for <c>dots</c> or <c>values</c> gets those escaped.
    /// Default true. With false every scraper gets <c>http_server_request_duration_seconds</c>.</summary>
    public bool Utf8Names { get; set; } = true;

    /// <summary>How long a collection of other libraries' instruments is shared by all scrapers. Zero: not at all. Default 1 second.</summary>
    public TimeSpan CollectionCacheDuration { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a collection of other libraries' instruments may take before the last one is used in its place. Default 10 seconds.</summary>
    public TimeSpan CollectionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most scrapes answered at once on the own port; more are answered with 503. From 1 to 1000. Default 16.</summary>
    public int MaxConcurrentScrapes { get; set; } = 16;

    internal PrometheusExporterOptions Copy() => (PrometheusExporterOptions)MemberwiseClone();

    /// <summary>What is wrong with the settings, each message with its cause and remedy.</summary>
    /// <param name="section">The name of the settings' section as the operator writes it.</param>
    internal IEnumerable<string> Validate(string section)
    {
        if (string.IsNullOrEmpty(Path) || Path[0] != '/' || Path.AsSpan().IndexOfAny(" ?#") >= 0)
        {
            yield return $"{section}:Path is '{Path}': a path begins with '/' and has no space, '?' or '#'. Write for example /metrics.";
        }

        if (Port is < 1 or > 65535)
        {
            yield return $"{section}:Port is {Port.Value.ToString(CultureInfo.InvariantCulture)}: a port is a number from 1 to 65535. Leave it out to serve metrics on the application's own port.";
        }

        if (string.IsNullOrWhiteSpace(Host) || Host.AsSpan().IndexOfAny(" /?#") >= 0)
        {
            yield return $"{section}:Host is '{Host}': it must be a host name or an address, or + for all addresses.";
        }

        if (Prefix is null || (Prefix.Length > 0 && !PrometheusNames.IsLegacyMetric(Prefix)))
        {
            yield return $"{section}:Prefix is '{Prefix}': a prefix has only letters, digits, '_' and ':' and does not begin with a digit. Write for example myapp, or leave it out.";
        }

        if (CollectionCacheDuration < TimeSpan.Zero)
        {
            yield return $"{section}:CollectionCacheDuration is {CollectionCacheDuration}: it must not be negative. Write 00:00:00 to share no collection.";
        }

        if (CollectionTimeout <= TimeSpan.Zero || CollectionTimeout > TimeSpan.FromHours(1))
        {
            yield return $"{section}:CollectionTimeout is {CollectionTimeout}: it must be more than zero and at most 01:00:00.";
        }

        if (MaxConcurrentScrapes is < 1 or > 1000)
        {
            yield return $"{section}:MaxConcurrentScrapes is {MaxConcurrentScrapes.ToString(CultureInfo.InvariantCulture)}: it must be from 1 to 1000.";
        }
    }
}
