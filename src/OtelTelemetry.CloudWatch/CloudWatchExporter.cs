using System.IO.Compression;
using System.Net.Http.Headers;
using Amazon.Runtime;
using OtelTelemetry.Delivery;
using OtelTelemetry.Exporters.Deltas;
using OtelTelemetry.Exporters.Http;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.CloudWatch;

/// <summary>
/// Sends metrics to Amazon CloudWatch (<c>PutMetricData</c>): counters as what came on top since the last export that was accepted, gauges
/// and up-down counters as they are, histograms as statistic sets or values with counts, summaries as <c>.count</c>, <c>.sum</c> and
/// quantiles such as <c>.p99</c>. What was not accepted is part of the next export. Thread-safe: exports wait for each other.
/// </summary>
public sealed class CloudWatchExporter : MetricsExporter
{
    private const string Unauthorized =
        "give other credentials (AccessKeyId with SecretAccessKey, or what AWS's SDK finds), allow them cloudwatch:PutMetricData, and see whether this machine's clock is right";

    private static readonly MediaTypeHeaderValue s_form = new("application/x-www-form-urlencoded", "utf-8");
    private readonly ExportGate _gate = new(nameof(CloudWatchExporter));
    private readonly AwsAccess _access;
    private readonly CloudWatchRequests _requests;
    private readonly CloudWatchParameters _parameters;
    private readonly SeriesDeltas _deltas;
    private readonly HttpClient _client;
    private readonly TimeProvider _time;
    private readonly bool _compress;

    /// <summary>Makes an exporter. Credentials and region are looked for when it exports.</summary>
    /// <param name="options">The settings, which are copied.</param>
    /// <param name="context">What it is made with.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists every one and how to mend it.</exception>
    public CloudWatchExporter(CloudWatchExporterOptions options, ExporterContext context)
        : base(ExporterSetup.NameOf((context ?? throw new ArgumentNullException(nameof(context))).InstanceName))
    {
        ExporterSetup.Check(options);
        _time = context.TimeProvider;
        _compress = options.Compress;
        _access = new AwsAccess(options);
        _requests = new CloudWatchRequests(CloudWatchSettings.NamespaceOf(options.Namespace, context.Resource));
        _deltas = new SeriesDeltas(options.MaxSeries, _time);
        _parameters = new CloudWatchParameters(options, Name, _requests, _deltas);
        _client = context.CreateHttpClient();
    }

    /// <inheritdoc/>
    public override async ValueTask<MetricsExportResult> ExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(families);
        using var turn = await _gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        var sending = new Sending(turn.Token);
        _requests.Clear();
        _deltas.BeginPass();
        _parameters.BeginExport(_time.GetUtcNow());
        try
        {
            foreach (var family in families)
            {
                _parameters.Begin(family.Descriptor);
                for (var position = 0; position != MetricFamilyReader.Done && !sending.IsOver;)
                {
                    position = _parameters.Read(family, position);
                    await SendAsync(sending).ConfigureAwait(false);
                }
            }

            _requests.Seal();
            await SendAsync(sending).ConfigureAwait(false);
        }
        catch (AmazonClientException exception)
        {
            return MetricsExportResult.Failure(
                $"There are no credentials or no region for CloudWatch ({exception.Message}); give AccessKeyId, SecretAccessKey and Region, or what AWS's SDK finds: its variables, a profile or a role", exception);
        }

        if (!sending.IsOver) _deltas.EndPass();
        return sending.Result;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (await _gate.CloseAsync().ConfigureAwait(false))
        {
            _client.Dispose();
            _gate.Dispose();
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async Task SendAsync(Sending sending)
    {
        while (!sending.IsOver && _requests.TryTake(out var request))
        {
            var credentials = await _access.GetAsync().WaitAsync(sending.Token).ConfigureAwait(false);
            var body = _compress ? Compressed(request.Body) : request.Body;
            var message = new HttpRequestMessage(HttpMethod.Post, _access.Endpoint) { Content = new ByteArrayContent(body) };
            message.Content.Headers.ContentType = s_form;
            if (_compress) message.Content.Headers.ContentEncoding.Add("gzip");
            AwsSignature.Sign(message, body, credentials, _access.Region, _time.GetUtcNow());
            DeliveryRequest.SetItems(message, request.Metrics);
            DeliveryRequest.SetPrepare(message, SignAnewAsync);
            var outcome = await SenderFor(credentials).SendAsync(message, "give CloudWatch's address as Endpoint, or none", sending.Token).ConfigureAwait(false);
            if (outcome.Verdict == HttpVerdict.Accepted) request.Pending.ForEach(delta => delta.Commit());
            sending.Add(outcome, request.Metrics, body.Length);
        }
    }

    /// <summary>A signature is good for some minutes only, and temporary credentials change: each attempt has its own.</summary>
    private async ValueTask SignAnewAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var credentials = await _access.GetAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        AwsSignature.Remove(request);
        AwsSignature.Sign(request, body, credentials, _access.Region, _time.GetUtcNow());
        if (credentials.UseToken) request.Headers.TryAddWithoutValidation(AwsSignature.TokenHeader, credentials.Token);
    }

    // The token of temporary credentials changes; whoever sends it must know it, so that it is hidden where a server repeats it.
    private HttpSender SenderFor(ImmutableCredentials credentials)
    {
        KeyValuePair<string, string>[] headers = credentials.UseToken ? [new(AwsSignature.TokenHeader, credentials.Token)] : [];
        return new HttpSender(_client, new HttpCredentials(null, null, null, headers), "CloudWatch", Unauthorized);
    }

    private static byte[] Compressed(byte[] body)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest)) gzip.Write(body);
        return compressed.ToArray();
    }
}
