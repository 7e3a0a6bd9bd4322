using OtelTelemetry.Exporters.Retry;

namespace OtelTelemetry.Exporters;

/// <summary>Lets exports that failed be repeated.</summary>
public static class RetryingExporterBuilderExtensions
{
    /// <summary>The same exporter, whose exports are kept and repeated when they fail. For one that does not send over HTTP.</summary>
    /// <param name="options">Makes the exporter; its <see cref="MetricsExporterOptions.Delivery"/> says how exports are repeated.</param>
    /// <example><code>
    /// builder.AddPepperTelemetry().AddExporter("Csv", new CsvExporterOptions().WithRetry());
    /// </code></example>
    public static RetryingExporterOptions WithRetry(this MetricsExporterOptions options) => new(options);
}
