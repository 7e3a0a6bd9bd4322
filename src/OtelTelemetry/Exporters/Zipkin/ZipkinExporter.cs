using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OtelTelemetry.Delivery;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters.Http;
using OtelTelemetry.Exporters.Json;

namespace OtelTelemetry.Exporters.Zipkin;

/// <summary>Sends finished spans to Zipkin's API v2 as JSON. A batch processor calls it, one batch at a time.</summary>
internal sealed class ZipkinExporter : BaseExporter<Activity>
{
    public const string Component = "zipkin";
    public const string Signal = "traces";

    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly Uri _endpoint;
    private readonly HttpClient _client;
    private readonly HttpCredentials _credentials;
    private readonly PipelineObserver _observer;
    private readonly DeliveryDestination? _destination;
    private readonly ZipkinEndpointOptions _localOptions;
    private readonly int _maxBytes;
    private readonly bool _shortTraceIds;
    private readonly ArrayBufferWriter<byte> _span = new(4096);
    private readonly ArrayBufferWriter<byte> _request = new(64 * 1024);
    private ZipkinEndpoint? _local;

    /// <param name="options">The settings, copied here.</param>
    /// <param name="client">Sends; it ends with the exporter.</param>
    /// <param name="observer">Is told of every batch.</param>
    /// <param name="destination">Delivers what the client sends, and counts what is lost; null where the client sends by itself.</param>
    internal ZipkinExporter(ZipkinOptions options, HttpClient client, PipelineObserver observer, DeliveryDestination? destination = null)
    {
        _endpoint = options.Endpoint ?? ZipkinPipeline.DefaultEndpoint;
        _client = client;
        _credentials = new HttpCredentials(null, null, null, options.Headers);
        _observer = observer;
        _destination = destination;
        _localOptions = options.LocalEndpoint;
        _maxBytes = options.MaxRequestBytes;
        _shortTraceIds = options.ShortTraceIds;
    }

    public override ExportResult Export(in Batch<Activity> batch)
    {
        // What is sent of telemetry is not itself traced.
        using var suppressed = SuppressInstrumentationScope.Begin();
        var started = _observer.Start();
        var local = _local ??= Local();
        var (spans, waiting, bytes, problem) = (0L, 0, 0L, (string?)null);
        using var json = new Utf8JsonWriter(_span, MetricJson.Writing);
        _request.ResetWrittenCount();
        foreach (var span in batch)
        {
            spans++;
            Encode(json, span, local);
            // Brackets and a comma.
            if (_span.WrittenCount + 2 > _maxBytes)
            {
                if (_destination is null) TelemetryLosses.Count(Signal, Component, DeliveryDropReasons.TooLarge);
                else _destination.Refuse(1, DeliveryDropReasons.TooLarge);
                continue;
            }

            if (waiting > 0 && _request.WrittenCount + _span.WrittenCount + 2 > _maxBytes) Flush();
            _request.Write(waiting++ == 0 ? "["u8 : ","u8);
            _request.Write(_span.WrittenSpan);
        }

        if (waiting > 0) Flush();
        _observer.Exported(Component, spans, bytes, started, problem is null);
        return problem is null ? ExportResult.Success : ExportResult.Failure;

        void Flush()
        {
            _request.Write("]"u8);
            bytes += _request.WrittenCount;
            if (Send(waiting) is { } failed) problem = failed;
            _request.ResetWrittenCount();
            waiting = 0;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _client.Dispose();
        base.Dispose(disposing);
    }

    private void Encode(Utf8JsonWriter json, Activity span, ZipkinEndpoint local)
    {
        _span.ResetWrittenCount();
        json.Reset();
        ZipkinSpanWriter.Write(json, span, local, _shortTraceIds);
        json.Flush();
    }

    /// <returns>What went wrong, or null.</returns>
    private string? Send(int spans)
    {
        var (problem, cause) = TrySend(spans);
        // What the delivery does not take, it counts and tells itself.
        if (problem is null || _destination is not null) return problem;
        TelemetryLosses.Count(Signal, Component, "export_failed", spans);
        TelemetryErrors.Report(Diagnostic.ExportFailed,
            Component,
            $"{spans} spans could not be sent to Zipkin at {HttpEndpoints.Show(_endpoint)}, and are lost ({_credentials.Hide(problem)})",
            "Check that Zipkin listens there (Telemetry:Zipkin:Endpoint, with its path /api/v2/spans)",
            cause);
        return problem;
    }

    private (string? Problem, Exception? Cause) TrySend(int spans)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new ReadOnlyMemoryContent(_request.WrittenMemory) };
            request.Content.Headers.ContentType = s_json;
            _credentials.Apply(request);
            DeliveryRequest.SetItems(request, spans);
            using var response = _client.Send(request, HttpCompletionOption.ResponseHeadersRead);
            return response.IsSuccessStatusCode ? (null, null) : ($"status {(int)response.StatusCode}", null);
        }
        catch (Exception exception)
        {
            return (exception.Message, exception);
        }
    }

    private ZipkinEndpoint Local()
    {
        var service = _localOptions.ServiceName ?? ParentProvider?.GetResource().Attributes.FirstOrDefault(attribute => attribute.Key == "service.name").Value as string;
        return new ZipkinEndpoint(service ?? "unknown_service", IPAddress.TryParse(_localOptions.IpAddress, out var address) ? address : null, _localOptions.Port);
    }
}
