namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>What a scrape is answered with: a text format and an escaping of names. The default value is text 0.0.4 with underscores.</summary>
/// <param name="Dialect">The text format.</param>
/// <param name="Escaping">What happens to unusual characters in names.</param>
public readonly record struct PrometheusFormat(PrometheusDialect Dialect, PrometheusEscaping Escaping)
{
    private static readonly string[] s_contentTypes = [.. from dialect in Enum.GetValues<PrometheusDialect>()
                                                          from escaping in Enum.GetValues<PrometheusEscaping>()
                                                          select Describe(dialect, escaping)];

    /// <summary>Whether it is a version of OpenMetrics.</summary>
    public bool IsOpenMetrics => Dialect is PrometheusDialect.OpenMetrics001 or PrometheusDialect.OpenMetrics100;

    /// <summary>The answer's Content-Type header.</summary>
    public string ContentType => s_contentTypes[((int)Dialect * 4) + (int)Escaping];

    /// <summary>Chooses the format for a scrape (Prometheus documentation, "Scrape protocol content negotiation"): the acceptable one
    /// with the highest quality, the first of equals; text 0.0.4 when nothing fits, protobuf included, which is not offered.</summary>
    /// <param name="accept">The request's Accept header, or null. Nothing in it can make this throw.</param>
    public static PrometheusFormat Negotiate(string? accept) => AcceptHeader.Choose(accept);

    private static string Describe(PrometheusDialect dialect, PrometheusEscaping escaping)
    {
        var type = dialect switch
        {
            PrometheusDialect.Text004 => "text/plain; version=0.0.4; charset=utf-8",
            PrometheusDialect.Text100 => "text/plain; version=1.0.0; charset=utf-8",
            PrometheusDialect.OpenMetrics001 => "application/openmetrics-text; version=0.0.1; charset=utf-8",
            _ => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        };

        // The parameter came with the 1.0.0 versions; older scrapers are told only what they asked for.
        var old = dialect is PrometheusDialect.Text004 or PrometheusDialect.OpenMetrics001;
        return old && escaping == PrometheusEscaping.Underscores ? type : $"{type}; escaping={Name(escaping)}";
    }

    private static string Name(PrometheusEscaping escaping) => escaping switch
    {
        PrometheusEscaping.AllowUtf8 => "allow-utf-8",
        PrometheusEscaping.Dots => "dots",
        PrometheusEscaping.Values => "values",
        _ => "underscores",
    };
}
