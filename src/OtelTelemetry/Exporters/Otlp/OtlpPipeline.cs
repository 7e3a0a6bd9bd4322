using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OtelTelemetry.Delivery;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>Puts the official OTLP exporters behind the official batches, with the settings already resolved.</summary>
internal static class OtlpPipeline
{
    public static BaseProcessor<Activity> Traces(OtlpSignal signal, OtlpBatchOptions batch, PipelineObserver observer, DeliveryMonitor? delivery) =>
        new OtlpSpanBatch(
            new ReportingTraceExporter(signal.ToExporterOptions(delivery), Report(signal, observer, delivery)), batch, delivery?.Find(signal.Destination));

    public static BaseProcessor<LogRecord> Logs(OtlpSignal signal, OtlpBatchOptions batch, PipelineObserver observer, DeliveryMonitor? delivery)
    {
        var exporter = new OtlpLogExporter(signal.ToExporterOptions(delivery));
        var sending = new OtlpLogBatch(new ReportingLogExporter(exporter, Report(signal, observer, delivery)), batch, delivery?.Find(signal.Destination));
        return new CompositeProcessor<LogRecord>([sending, new ProviderGiver(exporter)]);
    }

    /// <summary>A reader for the instruments of other libraries: our own are left out, they have <see cref="OwnMetricsProvider"/>.</summary>
    public static MetricReader OtherMetrics(OtlpSignal signal, OtlpOptions options, Func<string, string, bool> isOwned, PipelineObserver observer, DeliveryMonitor? delivery) =>
        new PeriodicExportingMetricReader(
            new OtherMetricsOtlpExporter(signal.ToExporterOptions(delivery), isOwned, Report(signal, observer, delivery)),
            Milliseconds(options.MetricExportInterval),
            Milliseconds(options.MetricExportTimeout))
        {
            TemporalityPreference = options.MetricTemporality,
        };

    public static MetricReader OwnMetrics(OtlpSignal signal, OtlpOptions options, PipelineObserver observer, DeliveryMonitor? delivery) =>
        new OwnMetricsReader(
            new OwnMetricsOtlpExporter(signal.ToExporterOptions(delivery), Report(signal, observer, delivery)),
            observer,
            Milliseconds(options.MetricExportInterval),
            Milliseconds(options.MetricExportTimeout))
        {
            TemporalityPreference = options.MetricTemporality,
        };

    /// <summary>What is lost is counted by the delivery, where there is one.</summary>
    private static ExportReport Report(OtlpSignal signal, PipelineObserver observer, DeliveryMonitor? delivery) =>
        new(observer, signal.Name, signal.Endpoint, countsLosses: delivery is null);

    /// <summary>What is left of a time in milliseconds, where -1 is without end.</summary>
    public static int Left(int timeoutMilliseconds, long started) =>
        timeoutMilliseconds == Timeout.Infinite ? Timeout.Infinite : (int)Math.Max(0, timeoutMilliseconds - Stopwatch.GetElapsedTime(started).TotalMilliseconds);

    public static int Milliseconds(TimeSpan time) => Math.Max(1, (int)time.TotalMilliseconds);
}
