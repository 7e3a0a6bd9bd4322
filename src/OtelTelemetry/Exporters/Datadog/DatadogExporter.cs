using System.IO.Compression;
using System.Net.Http.Headers;
using OtelTelemetry.Delivery;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters.Deltas;
using OtelTelemetry.Exporters.Http;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Datadog;

/// <summary>
/// Sends metrics to Datadog as series: counters as counts of what came on top since the last export that was accepted, gauges and up-down
/// counters as gauges, histograms and summaries as counts <c>.count</c> and <c>.sum</c> and gauges such as <c>.p99</c>. What was not
/// accepted is part of the next export. Thread-safe: exports wait for each other.
/// </summary>
public sealed class DatadogExporter : MetricsExporter
{
    private static readonly MediaTypeHeaderValue s_json = new("application/json");
    private readonly ExportGate _gate = new(nameof(DatadogExporter));
    private readonly DatadogBatch _batch = new();
    private readonly DatadogLimits _limits;
    private readonly int _mark;
    private readonly DatadogCompression _compression;
    private readonly DatadogSeries _series;
    private readonly SeriesDeltas _deltas;
    private readonly HttpSender _sender;
    private readonly Uri _address;
    private readonly TimeProvider _time;
    private long _timestamp;

    /// <summary>Makes an exporter.</summary>
    /// <param name="options">The settings, which are copied.</param>
    /// <param name="context">What it is made with.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists every one and how to mend it.</exception>
    public DatadogExporter(DatadogExporterOptions options, ExporterContext context)
        : base(ExporterSetup.NameOf((context ?? throw new ArgumentNullException(nameof(context))).InstanceName))
    {
        ExporterSetup.Check(options);
        _time = context.TimeProvider;
        _address = options.SeriesAddress;
        _compression = options.Compression;
        _limits = DatadogLimits.Of(options.Api);
        _mark = _limits.MarkFor(_compression);
        _deltas = new SeriesDeltas(options.MaxSeries, _time);
        _series = new DatadogSeries(options, context, Name, _batch, _deltas, _mark);
        _sender = new HttpSender(context.CreateHttpClient(), Keys(options), "Datadog", "give another ApiKey, one of the organisation on the site that is set (Site)");
    }

    /// <inheritdoc/>
    public override async ValueTask<MetricsExportResult> ExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(families);
        using var turn = await _gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        var sending = new Sending(turn.Token);
        _batch.Clear();
        _deltas.BeginPass();
        // Of two points of one second only the later one would count.
        _timestamp = Math.Max(_time.GetUtcNow().ToUnixTimeSeconds(), _timestamp + 1);
        _series.BeginExport(_timestamp);
        foreach (var family in families)
        {
            _series.Begin(family.Descriptor);
            for (var position = 0; position != MetricFamilyReader.Done && !sending.IsOver;)
            {
                position = _series.Read(family, position);
                if (_batch.Length >= _mark) await SendBatchAsync(sending).ConfigureAwait(false);
            }

            if (sending.IsOver) break;
        }

        if (!sending.IsOver) await SendBatchAsync(sending).ConfigureAwait(false);
        if (!sending.IsOver) _deltas.EndPass();
        return sending.Result;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (await _gate.CloseAsync().ConfigureAwait(false))
        {
            _sender.Dispose();
            _series.Dispose();
            _gate.Dispose();
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    private static HttpCredentials Keys(DatadogExporterOptions options)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (!string.IsNullOrWhiteSpace(options.ApiKey)) headers.Add(new("DD-API-KEY", options.ApiKey));
        if (!string.IsNullOrWhiteSpace(options.AppKey)) headers.Add(new("DD-APPLICATION-KEY", options.AppKey));
        return new HttpCredentials(null, null, null, headers);
    }

    private async Task SendBatchAsync(Sending sending)
    {
        if (_batch.Count > 0) await SendAsync(sending, 0, _batch.Count).ConfigureAwait(false);
        _batch.Clear();
    }

    private async Task SendAsync(Sending sending, int from, int to)
    {
        if (sending.IsOver) return;
        if (await SendWholeAsync(sending, from, to).ConfigureAwait(false)) return;
        if (to - from == 1)
        {
            TelemetryLosses.Count("metrics", Name, "too_large");
            return;
        }

        var middle = from + ((to - from) / 2);
        await SendAsync(sending, from, middle).ConfigureAwait(false);
        await SendAsync(sending, middle, to).ConfigureAwait(false);
    }

    /// <summary>Sends a request, unless it is too large; false when it is.</summary>
    private async Task<bool> SendWholeAsync(Sending sending, int from, int to)
    {
        if (_batch.BodyLength(from, to) > _limits.Raw) return false;
        var body = Body(from, to);
        if (body.Length > _limits.Sent) return false;
        var outcome = await _sender.SendAsync(Request(body, to - from), "give the address up to /api as Endpoint", sending.Token).ConfigureAwait(false);
        if (outcome.Status == 413) return false;
        if (outcome.Verdict == HttpVerdict.Accepted) _batch.Commit(from, to);
        sending.Add(outcome, to - from, body.Length);
        return true;
    }

    private byte[] Body(int from, int to)
    {
        var body = new MemoryStream();
        switch (_compression)
        {
            case DatadogCompression.None:
                _batch.WriteBody(body, from, to);
                break;
            case DatadogCompression.Deflate:
                using (var deflate = new ZLibStream(body, CompressionLevel.Fastest, leaveOpen: true)) _batch.WriteBody(deflate, from, to);
                break;
            default:
                using (var gzip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true)) _batch.WriteBody(gzip, from, to);
                break;
        }

        return body.ToArray();
    }

    private HttpRequestMessage Request(byte[] body, int points)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = s_json;
        if (_compression != DatadogCompression.None) request.Content.Headers.ContentEncoding.Add(_compression == DatadogCompression.Gzip ? "gzip" : "deflate");
        DeliveryRequest.SetItems(request, points);
        return request;
    }
}
