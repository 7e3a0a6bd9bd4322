using System.Diagnostics;
using OpenTelemetry;
using OtelTelemetry.Delivery;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters.Otlp;

namespace OtelTelemetry.Exporters.Zipkin;

/// <summary>Puts the Zipkin exporter behind the official batch.</summary>
internal static class ZipkinPipeline
{
    /// <summary>Where a Zipkin server listens when nobody says otherwise (environment variable specification, "Zipkin Exporter").</summary>
    public static readonly Uri DefaultEndpoint = new("http://localhost:9411/api/v2/spans");

    /// <summary>Whether spans are sent to Zipkin.</summary>
    public static bool IsOn(TelemetryOptions options) => options.Traces.Enabled && (options.Zipkin.Enabled ?? options.Zipkin.Endpoint is not null);

    /// <param name="options">The settings.</param>
    /// <param name="observer">Is told of every batch.</param>
    /// <param name="delivery">Delivers the requests; null when the exporter is to send them itself.</param>
    public static BaseProcessor<Activity> Traces(ZipkinOptions options, PipelineObserver observer, DeliveryMonitor? delivery)
    {
        var destination = delivery is null ? null : DestinationOf(options, delivery);
        var client = destination is null ? new HttpClient { Timeout = options.Timeout } : OtlpDelivery.CreateClient(destination);
        return new OtlpSpanBatch(new ZipkinExporter(options, client, observer, destination), options.Batch, destination, ZipkinExporter.Component);
    }

    /// <summary>The destination <c>zipkin</c>. What an ended process left for it can go at once.</summary>
    private static DeliveryDestination DestinationOf(ZipkinOptions options, DeliveryMonitor delivery)
    {
        var own = options.Delivery.Over(delivery.Options with { AttemptTimeout = options.Timeout });
        var destination = delivery.GetOrAdd(ZipkinExporter.Component, ZipkinExporter.Signal, own, isOtlp: false, DeliveryMonitor.CreateInvoker);
        var headers = options.Headers.Select(header => KeyValuePair.Create<string, string[]>(header.Key, [header.Value]));
        destination.Learn(new DeliveryRoute(HttpMethod.Post, options.Endpoint ?? DefaultEndpoint, headers, isGrpc: false));
        return destination;
    }
}
