using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OtelTelemetry.Delivery;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>Puts the official OTLP exporters behind the official batches, with the settings already resolved.</summary>
internal static class OtlpPipeline
{
    public static BaseProcessor<Activity> Traces(OtlpSignal signal, OtlpBatchOptions batch, DeliveryMonitor? delivery) =>
        new OtlpSpanBatch(new OtlpTraceExporter(signal.ToExporterOptions(delivery)), batch, delivery?.Find(signal.Destination));

    public static BaseProcessor<LogRecord> Logs(OtlpSignal signal, OtlpBatchOptions batch, DeliveryMonitor? delivery) =>
        new OtlpLogBatch(new OtlpLogExporter(signal.ToExporterOptions(delivery)), batch, delivery?.Find(signal.Destination));

    /// <summary>A reader for the instruments of other libraries: our own are left out, they have <see cref="OwnMetricsProvider"/>.</summary>
    public static MetricReader OtherMetrics(OtlpSignal signal, OtlpOptions options, Func<string, string, bool> isOwned, DeliveryMonitor? delivery) =>
        Periodic(new OtherMetricsOtlpExporter(signal.ToExporterOptions(delivery), isOwned), options);

    public static MetricReader OwnMetrics(OtlpSignal signal, OtlpOptions options, DeliveryMonitor? delivery) =>
        Periodic(new OtlpMetricExporter(signal.ToExporterOptions(delivery)), options);

    private static PeriodicExportingMetricReader Periodic(OtlpMetricExporter exporter, OtlpOptions options) =>
        new(exporter, Milliseconds(options.MetricExportInterval), Milliseconds(options.MetricExportTimeout))
        {
            TemporalityPreference = options.MetricTemporality,
        };

    public static int Milliseconds(TimeSpan time) => Math.Max(1, (int)time.TotalMilliseconds);
}
