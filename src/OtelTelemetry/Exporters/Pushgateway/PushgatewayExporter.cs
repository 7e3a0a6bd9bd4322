using System.Net.Http.Headers;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters.Http;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Pushgateway;

/// <summary>Pushes metrics as Prometheus text to a Pushgateway: for jobs that end before anybody scrapes them. Thread-safe; one export at a time.</summary>
public sealed class PushgatewayExporter : MetricsExporter
{
    private const string NotFound = "give the address of the Pushgateway itself, without /metrics";

    private static readonly MediaTypeHeaderValue s_text = MediaTypeHeaderValue.Parse(default(PrometheusFormat).ContentType);

    private readonly Uri _group;
    private readonly HttpMethod _method;
    private readonly bool _deleteAtTheEnd;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly HttpSender _sender;
    private readonly PrometheusTextOutput _text;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _pushed;
    private bool _ended;

    /// <summary>Makes an exporter.</summary>
    /// <param name="options">The settings, copied here.</param>
    /// <param name="context">What it is made with; null for the defaults.</param>
    /// <exception cref="ArgumentException">Settings are wrong; the message names all of them.</exception>
    public PushgatewayExporter(PushgatewayExporterOptions options, ExporterContext? context = null)
        : base(ExporterSetup.NameOf((context ??= new ExporterContext("Pushgateway")).InstanceName))
    {
        ExporterSetup.Check(options);
        var job = options.Job ?? (context.Resource.TryGetValue("service.name", out var service) ? service.ToString() : null) ?? "unknown_service";
        _group = GroupPath.Of(options.Endpoint, job, options.Grouping);
        _method = options.Replace ? HttpMethod.Put : HttpMethod.Post;
        _deleteAtTheEnd = options.DeleteOnShutdown;
        _timeout = options.Timeout;
        _time = context.TimeProvider;
        _sender = new HttpSender(
            context.CreateHttpClient(), new HttpCredentials(options.Username, options.Password, options.BearerToken, options.Headers), "the Pushgateway");
        _text = new PrometheusTextOutput(context, options.Prefix, options.TargetInfo);
    }

    /// <inheritdoc/>
    public override async ValueTask<MetricsExportResult> ExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(families);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            using var text = new MemoryStream();
            var series = await _text.WriteAsync(families, text, cancellationToken).ConfigureAwait(false);
            // To push nothing would delete what others may still want to see.
            if (series == 0) return MetricsExportResult.Success(0);

            var request = new HttpRequestMessage(_method, _group) { Content = new ByteArrayContent(text.GetBuffer(), 0, (int)text.Length) };
            request.Content.Headers.ContentType = s_text;
            var outcome = await _sender.SendAsync(request, NotFound, cancellationToken).ConfigureAwait(false);
            if (outcome.Verdict != HttpVerdict.Accepted) return MetricsExportResult.Failure(outcome.Problem!, outcome.Cause);
            _pushed = true;
            return MetricsExportResult.Success(series, text.Length);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Deletes the group where that is wanted, within the time for an export, and releases the connection.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_ended) return;
            _ended = true;
            if (_deleteAtTheEnd && _pushed) await DeleteAsync().ConfigureAwait(false);
        }
        finally
        {
            _sender.Dispose();
            _turn.Release();
        }

        await base.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    private async Task DeleteAsync()
    {
        const string remedy = "Delete it at the Pushgateway, or it is scraped for ever";
        try
        {
            using var limit = new CancellationTokenSource(_timeout, _time);
            var outcome = await _sender.SendAsync(new HttpRequestMessage(HttpMethod.Delete, _group), NotFound, limit.Token).ConfigureAwait(false);
            if (outcome.Verdict != HttpVerdict.Accepted) TelemetryErrors.Report(Diagnostic.GroupNotDeleted, Name, outcome.Problem!, remedy, outcome.Cause);
        }
        catch (OperationCanceledException exception)
        {
            TelemetryErrors.Report(Diagnostic.GroupNotDeleted, Name, $"the group could not be deleted within {_timeout}", remedy, exception);
        }
    }
}
