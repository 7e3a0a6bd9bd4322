namespace OtelTelemetry.Exporters;

/// <summary>An exporter that code added.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Options">Its settings.</param>
internal sealed record NamedExporter(string Name, MetricsExporterOptions Options);
