namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>All that decides how families are named and rendered: what of a format and of the options matters for text that is kept.</summary>
internal readonly record struct PrometheusStyle(bool OpenMetrics, PrometheusEscaping Escaping, bool KeepUtf8, bool ScopeLabels, string Prefix)
{
    /// <summary>How many styles one set of options can have.</summary>
    public const int Count = 8;

    /// <summary>The style's position among those of one set of options.</summary>
    public int Index => (int)Escaping + (OpenMetrics ? 4 : 0);

    public static PrometheusStyle Of(PrometheusFormat format, PrometheusExporterOptions options) =>
        new(format.IsOpenMetrics, format.Escaping, options.Utf8Names, options.ScopeLabels, options.Prefix);
}
