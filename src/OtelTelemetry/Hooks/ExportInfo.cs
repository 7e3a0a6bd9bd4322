namespace OtelTelemetry.Hooks;

/// <summary>One export: an answered scrape, or a batch that was sent. Immutable.</summary>
/// <param name="Component">Which exporter: <c>prometheus</c>, <c>otlp_traces</c>, <c>otlp_metrics</c>, <c>otlp_logs</c>, or the name of
/// a <c>MetricsExporter</c>.</param>
/// <param name="Items">How many metric families, series, spans or log records it was about.</param>
/// <param name="Bytes">How many bytes were written, before compression; null where the exporter does not tell.</param>
/// <param name="Duration">How long it took, the waiting for the receiver included.</param>
/// <param name="Success">Whether everything was handed over.</param>
public readonly record struct ExportInfo(string Component, long Items, long? Bytes, TimeSpan Duration, bool Success);
