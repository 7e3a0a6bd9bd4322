namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>The text formats a scraper can ask for.</summary>
public enum PrometheusDialect
{
    /// <summary>The Prometheus text format 0.0.4: what every scraper understands.</summary>
    Text004,

    /// <summary>The Prometheus text format 1.0.0: like 0.0.4, and names may be quoted UTF-8.</summary>
    Text100,

    /// <summary>OpenMetrics 0.0.1, the draft that older Prometheus servers ask for.</summary>
    OpenMetrics001,

    /// <summary>OpenMetrics 1.0.0: has units and exemplars.</summary>
    OpenMetrics100,
}
