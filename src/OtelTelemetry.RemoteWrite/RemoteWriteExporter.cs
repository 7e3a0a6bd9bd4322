using System.Net.Http.Headers;
using IronSnappy;
using OtelTelemetry.Delivery;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters.Http;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.RemoteWrite;

/// <summary>
/// Sends metrics by Prometheus remote write 1.0, under the names and labels a scrape would give them: counters, gauges, summaries, histograms
/// with exemplars, exponential histograms as native ones. A series that is gone is ended at once, and all are when the exporter ends.
/// Thread-safe; one export at a time.
/// </summary>
public sealed class RemoteWriteExporter : MetricsExporter
{
    private static readonly ProductInfoHeaderValue s_agent = new("OtelTelemetry", typeof(RemoteWriteExporter).Assembly.GetName().Version?.ToString(3));
    private static readonly WriteRequestSplitter s_splitter = new();
    private static readonly MediaTypeHeaderValue s_protobuf = new("application/x-protobuf");

    private readonly Uri _endpoint;
    private readonly HttpSender _sender;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _metadataInterval;
    private readonly bool _targetInfo;
    private readonly bool _staleMarkers;
    private readonly PrometheusStyle _style;
    private readonly SeriesLedger _ledger = new();
    private readonly RequestBatches _requests;
    private readonly SeriesEncoder _encoder;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private ExpositionPlan _plan = ExpositionPlan.Empty;
    private long _lastTimestamp;
    private long? _metadataSent;
    private bool _ended;

    /// <summary>Makes an exporter.</summary>
    /// <param name="options">The settings, copied here.</param>
    /// <param name="context">What it is made with; null for the defaults.</param>
    /// <exception cref="ArgumentException">Settings are wrong; the message names all of them.</exception>
    public RemoteWriteExporter(RemoteWriteExporterOptions options, ExporterContext? context = null)
        : base(ExporterSetup.NameOf((context ??= new ExporterContext("RemoteWrite")).InstanceName))
    {
        ExporterSetup.Check(options);
        _endpoint = options.Endpoint;
        _time = context.TimeProvider;
        _timeout = options.Timeout;
        _metadataInterval = options.MetadataInterval;
        _staleMarkers = options.StaleMarkers;
        _style = new PrometheusStyle(OpenMetrics: false, PrometheusEscaping.Underscores, KeepUtf8: false, options.ScopeLabels, options.Prefix);
        _requests = new RequestBatches(options.MaxSamplesPerRequest, options.MaxRequestBytes);
        var target = new TargetLabels(options, context.Resource);
        _targetInfo = options.TargetInfo && target.Information.LabelCount > 0;
        _encoder = new SeriesEncoder(
            _requests, _ledger, target, new LabelStyle(_style.Escaping, _style.KeepUtf8, HasScope: false), Name, options.NativeHistograms, options.Exemplars);
        _sender = new HttpSender(
            context.CreateHttpClient(), new HttpCredentials(options.Username, options.Password, options.BearerToken, options.Headers), "the remote write receiver");
    }

    /// <inheritdoc/>
    public override async ValueTask<MetricsExportResult> ExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(families);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            return await SendAllAsync(families, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _requests.Clear();
            _turn.Release();
        }
    }

    /// <summary>Ends every series that was sent, within the time for an export, and releases the connection.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_ended) return;
            _ended = true;
            using var limit = new CancellationTokenSource(_timeout, _time);
            if (_staleMarkers && _ledger.Count > 0) await EndAllAsync(limit.Token).ConfigureAwait(false);
        }
        finally
        {
            _sender.Dispose();
            _turn.Release();
        }

        await base.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    private async Task<MetricsExportResult> SendAllAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken)
    {
        Begin();
        var plan = PlanFor(families);
        var sending = new Sending();
        var withMetadata = _metadataInterval > TimeSpan.Zero && plan.Entries.Length > 0
            && (_metadataSent is not { } sent || _time.GetElapsedTime(sent) >= _metadataInterval);
        if (withMetadata) MetadataEncoder.AddTo(_requests, plan);
        for (var i = 0; i < plan.Entries.Length && !sending.IsOver; i++)
        {
            var family = BeginFamily(plan.Entries[i], families);
            for (var position = 0; position != MetricFamilyReader.Done && !sending.IsOver;)
            {
                position = Read(family, position);
                await SendFullAsync(sending, cancellationToken).ConfigureAwait(false);
            }
        }

        if (_encoder.Encoded > 0 && _targetInfo) _encoder.AddTargetInfo();
        if (!sending.IsOver)
        {
            var vanished = _ledger.TakeVanished();
            if (_staleMarkers) vanished.ForEach(series => _encoder.AddStale(series.Labels, series.IsNative));
            _requests.Complete();
            await SendFullAsync(sending, cancellationToken).ConfigureAwait(false);
        }

        if (sending.Problem is not null) return MetricsExportResult.Failure(sending.Problem, sending.Cause, sending.Samples);
        if (withMetadata) _metadataSent = _time.GetTimestamp();
        return MetricsExportResult.Success(_encoder.Encoded, sending.Bytes);
    }

    private async Task EndAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            Begin();
            foreach (var (labels, isNative) in _ledger.TakeVanished()) _encoder.AddStale(labels, isNative);
            _requests.Complete();
            var sending = new Sending();
            await SendFullAsync(sending, cancellationToken).ConfigureAwait(false);
            if (sending.Problem is not null) TelemetryErrors.Report(Diagnostic.SeriesNotEnded, Name, sending.Problem, "The series of this process are seen for another five minutes", sending.Cause);
        }
        catch (OperationCanceledException exception)
        {
            TelemetryErrors.Report(Diagnostic.SeriesNotEnded, Name, $"the series could not be ended within {_timeout}", "They are seen for another five minutes", exception);
        }
    }

    /// <summary>One moment for all samples of an export, later than the one before: an equal one would be a duplicate.</summary>
    private void Begin()
    {
        _lastTimestamp = Math.Max(_time.GetUtcNow().ToUnixTimeMilliseconds(), _lastTimestamp + 1);
        _encoder.Begin(_lastTimestamp);
        _ledger.Begin();
    }

    private MetricFamilyReader BeginFamily(ExpositionPlan.Entry entry, IReadOnlyList<MetricFamilyReader> families)
    {
        _encoder.Begin(entry.Text);
        return families[entry.Index];
    }

    private int Read(MetricFamilyReader family, int position)
    {
        try
        {
            return family.Read(position, _encoder);
        }
        catch (Exception exception)
        {
            TelemetryLosses.Count("metrics", Name, "read_failed");
            TelemetryErrors.Report(Diagnostic.MetricUnreadable, Name, $"metric '{family.Descriptor.Name}' could not be read; the others are sent", "See the cause", exception);
            return MetricFamilyReader.Done;
        }
    }

    private ExpositionPlan PlanFor(IReadOnlyList<MetricFamilyReader> families)
    {
        if (_plan.Fits(families)) return _plan;
        _plan = ExpositionPlanner.Make(families, _style, _targetInfo, _plan);
        foreach (var message in _plan.LeftOut)
        {
            // As many as a scrape remembers: names can be made without end.
            if (_told.Count >= 1000 || !_told.Add(message)) continue;
            TelemetryLosses.Count("metrics", Name, "name_conflict");
            TelemetryErrors.Report(Diagnostic.MetricNameConflict, Name, message, "Rename one of them");
        }

        return _plan;
    }

    private async Task SendFullAsync(Sending sending, CancellationToken cancellationToken)
    {
        while (!sending.IsOver && _requests.TryTake(out var request))
        {
            var body = Snappy.Encode(request.Bytes);
            var outcome = await _sender.SendAsync(
                RequestFor(body, request.Points), "give the whole address with its path (Prometheus: /api/v1/write, started with --web.enable-remote-write-receiver)", cancellationToken).ConfigureAwait(false);
            sending.Add(outcome, request.Samples, body.Length);
        }
    }

    private HttpRequestMessage RequestFor(byte[] body, int points)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = s_protobuf;
        request.Content.Headers.ContentEncoding.Add("snappy");
        request.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        request.Headers.UserAgent.Add(s_agent);
        DeliveryRequest.SetItems(request, points);
        DeliveryRequest.SetSplitter(request, s_splitter);
        return request;
    }

    /// <summary>What became of the requests of one export.</summary>
    private sealed class Sending
    {
        public long Samples { get; private set; }

        public long Bytes { get; private set; }

        public string? Problem { get; private set; }

        public Exception? Cause { get; private set; }

        /// <summary>Whether going on is of no use: nobody takes anything. What is refused concerns one request only.</summary>
        public bool IsOver { get; private set; }

        public void Add(HttpOutcome outcome, int samples, int bytes)
        {
            if (outcome.Verdict == HttpVerdict.Accepted)
            {
                Samples += samples;
                Bytes += bytes;
                return;
            }

            IsOver = outcome.Verdict == HttpVerdict.Unavailable;
            Problem ??= outcome.Problem;
            Cause ??= outcome.Cause;
        }
    }
}
