using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>Puts the official OTLP exporters behind the official batches, with the settings already resolved.</summary>
internal static class OtlpPipeline
{
    public static BaseProcessor<Activity> Traces(OtlpSignal signal, OtlpBatchOptions batch, PipelineObserver observer) => new BatchActivityExportProcessor(
        new ReportingTraceExporter(signal.ToExporterOptions(), new ExportReport(observer, "traces", signal.Endpoint)),
        batch.QueueSize,
        Milliseconds(batch.Delay),
        Milliseconds(batch.ExportTimeout),
        batch.BatchSize);

    public static BaseProcessor<LogRecord> Logs(OtlpSignal signal, OtlpBatchOptions batch, PipelineObserver observer)
    {
        var exporter = new OtlpLogExporter(signal.ToExporterOptions());
        var sending = new BatchLogRecordExportProcessor(
            new ReportingLogExporter(exporter, new ExportReport(observer, "logs", signal.Endpoint)),
            batch.QueueSize,
            Milliseconds(batch.Delay),
            Milliseconds(batch.ExportTimeout),
            batch.BatchSize);
        return new CompositeProcessor<LogRecord>([sending, new ProviderGiver(exporter)]);
    }

    /// <summary>A reader for the instruments of other libraries: our own are left out, they have <see cref="OwnMetricsProvider"/>.</summary>
    public static MetricReader OtherMetrics(OtlpSignal signal, OtlpOptions options, Func<string, string, bool> isOwned, PipelineObserver observer) =>
        new PeriodicExportingMetricReader(
            new OtherMetricsOtlpExporter(signal.ToExporterOptions(), isOwned, new ExportReport(observer, "metrics", signal.Endpoint)),
            Milliseconds(options.MetricExportInterval),
            Milliseconds(options.MetricExportTimeout))
        {
            TemporalityPreference = options.MetricTemporality,
        };

    public static MetricReader OwnMetrics(OtlpSignal signal, OtlpOptions options, PipelineObserver observer) =>
        new OwnMetricsReader(
            new OwnMetricsOtlpExporter(signal.ToExporterOptions(), new ExportReport(observer, "metrics", signal.Endpoint)),
            observer,
            Milliseconds(options.MetricExportInterval),
            Milliseconds(options.MetricExportTimeout))
        {
            TemporalityPreference = options.MetricTemporality,
        };

    private static int Milliseconds(TimeSpan time) => Math.Max(1, (int)time.TotalMilliseconds);
}
