using System.Diagnostics;
using OpenTelemetry;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Exporters.Zipkin;

/// <summary>Puts the Zipkin exporter behind the official batch.</summary>
internal static class ZipkinPipeline
{
    /// <summary>Where a Zipkin server listens when nobody says otherwise (environment variable specification, "Zipkin Exporter").</summary>
    public static readonly Uri DefaultEndpoint = new("http://localhost:9411/api/v2/spans");

    /// <summary>Whether spans are sent to Zipkin.</summary>
    public static bool IsOn(TelemetryOptions options) => options.Traces.Enabled && (options.Zipkin.Enabled ?? options.Zipkin.Endpoint is not null);

    public static BaseProcessor<Activity> Traces(ZipkinOptions options, PipelineObserver observer) => new BatchActivityExportProcessor(
        new ZipkinExporter(options, CreateClient(options), observer),
        options.Batch.QueueSize,
        Milliseconds(options.Batch.Delay),
        Milliseconds(options.Batch.ExportTimeout),
        options.Batch.BatchSize);

    /// <summary>The one place where its client is made.</summary>
    private static HttpClient CreateClient(ZipkinOptions options) => new() { Timeout = options.Timeout };

    private static int Milliseconds(TimeSpan time) => Math.Max(1, (int)time.TotalMilliseconds);
}
