namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Settings of the Prometheus exporter.</summary>
public sealed class PrometheusExporterOptions
{
    /// <summary>Whether there is a Prometheus endpoint. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The endpoint's path. Default: <c>/metrics</c>.</summary>
    public string Path { get; set; } = "/metrics";

    /// <summary>A port of its own for the endpoint. Default: null, the application's.</summary>
    public int? Port { get; set; }
}
