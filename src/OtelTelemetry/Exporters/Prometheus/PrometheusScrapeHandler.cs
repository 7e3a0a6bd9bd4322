using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>
/// Answers scrapes: collects, and streams the metric families as text, sorted by their exported names, after <c>target_info</c>.
/// Memory does not grow with the number of series, and a scrape of known series allocates next to nothing.
/// Thread-safe: any number of scrapes may run at once.
/// </summary>
public sealed class PrometheusScrapeHandler
{
    // Warnings are told once each; a hostile stream of ever new names must not grow this without end.
    private const int MaxRememberedWarnings = 1000;
    private const string Component = "prometheus";

    private readonly MetricReadModel _model;
    private readonly PrometheusExporterOptions _options;
    private readonly TargetInfoText _targetInfo;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly ExpositionPlan[] _plans = new ExpositionPlan[PrometheusStyle.Count];
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private long _failedFamilies;

    /// <summary>Makes a handler.</summary>
    /// <param name="model">Where the metric families come from.</param>
    /// <param name="options">The settings, copied here.</param>
    /// <param name="resourceAttributes">What target_info shows, or null for no target_info.</param>
    /// <param name="timeProvider">The clock of deadlines; null for the system's.</param>
    /// <param name="logger">Told once of each family that had to be left out.</param>
    public PrometheusScrapeHandler(
        MetricReadModel model,
        PrometheusExporterOptions options,
        IEnumerable<KeyValuePair<string, object>>? resourceAttributes = null,
        TimeProvider? timeProvider = null,
        ILogger<PrometheusScrapeHandler>? logger = null)
        : this(model, options, resourceAttributes, timeProvider, (ILogger?)logger)
    {
    }

    internal PrometheusScrapeHandler(
        MetricReadModel model,
        PrometheusExporterOptions options,
        IEnumerable<KeyValuePair<string, object>>? resourceAttributes,
        TimeProvider? timeProvider,
        ILogger? logger)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        _model = model;
        _options = options.Copy();
        _targetInfo = new TargetInfoText(_options.TargetInfo ? resourceAttributes : null);
        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
        Array.Fill(_plans, ExpositionPlan.Empty);
    }

    /// <summary>How many families were left out because their exported name is taken, each counted once.</summary>
    public int LeftOutFamilies
    {
        get
        {
            lock (_warned) return _warned.Count;
        }
    }

    /// <summary>How many times a family's reading failed; its other series were then left out of that scrape.</summary>
    public long FailedFamilies => Volatile.Read(ref _failedFamilies);

    /// <summary>Chooses the format for a scrape. Never throws.</summary>
    /// <param name="accept">The request's Accept header, all its lines joined by commas, or null.</param>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "The formats a handler offers may come to depend on its settings.")]
    public PrometheusFormat Negotiate(string? accept) => PrometheusFormat.Negotiate(accept);

    /// <summary>Whether an Accept-Encoding header allows gzip (RFC 9110, section 12.5.3). Never throws.</summary>
    public static bool AcceptsGzip(string? acceptEncoding)
    {
        var header = (acceptEncoding ?? "").AsSpan();
        foreach (var range in header.Split(','))
        {
            var entry = header[range];
            var parameters = entry.IndexOf(';');
            var name = (parameters < 0 ? entry : entry[..parameters]).Trim();
            if (!name.Equals("gzip", StringComparison.OrdinalIgnoreCase)) continue;

            var quality = parameters < 0 ? "" : entry[(parameters + 1)..].Trim();
            return quality.TrimEnd("0.") is not ("q=" or "Q=");
        }

        return false;
    }

    /// <summary>Begins the time a scrape may take.</summary>
    /// <param name="scrapeTimeoutHeader">The value of <see cref="ScrapeDeadline.HeaderName"/>, or null.</param>
    /// <param name="requestAborted">Cancelled when the scraper goes away.</param>
    public ScrapeDeadline BeginDeadline(string? scrapeTimeoutHeader, CancellationToken requestAborted) =>
        new(scrapeTimeoutHeader, _timeProvider, requestAborted);

    /// <summary>Collects and writes all metrics.</summary>
    /// <param name="output">Where to; it is neither flushed nor closed.</param>
    /// <param name="format">What <see cref="Negotiate"/> chose.</param>
    /// <param name="cancellationToken">Ends the scrape early.</param>
    /// <exception cref="OperationCanceledException">The scrape was cancelled; what was written is not a whole answer.</exception>
    public async Task WriteAsync(Stream output, PrometheusFormat format, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        cancellationToken.ThrowIfCancellationRequested();
        var started = _model.Observer?.Start() ?? 0;
        using var collection = _model.Collect();
        var families = collection.Families;
        var bytes = 0L;
        try
        {
            bytes = await WriteAsync(output, format, families, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            TelemetryErrors.Report(Diagnostic.ScrapeFailed,
                Component,
                exception is OperationCanceledException ? "a scrape was given up: the scraper went away, or its time was over" : "a scrape could not be answered",
                "If it comes again, raise the scraper's scrape_timeout, or see the cause",
                exception);
            _model.Observer?.Exported(Component, families.Count, null, started, success: false);
            throw;
        }

        _model.Observer?.Exported(Component, families.Count, bytes, started, success: true);
    }

    /// <summary>Writes families that were collected already.</summary>
    /// <returns>How many bytes.</returns>
    internal async ValueTask<long> WriteAsync(Stream output, PrometheusFormat format, IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken)
    {
        var bytes = 0L;
        var style = PrometheusStyle.Of(format, _options);
        var plan = PlanFor(families, style);
        using var writer = new PrometheusTextWriter(_options.Exemplars && format.IsOpenMetrics);
        if (_targetInfo.Exists) writer.WriteRaw(_targetInfo.In(style));

        for (var i = 0; i < plan.Entries.Length; i++)
        {
            var family = Begin(writer, plan.Entries[i], families);
            var position = 0;
            while (position != MetricFamilyReader.Done)
            {
                position = Read(family, position, writer);
                cancellationToken.ThrowIfCancellationRequested();
                if (!writer.IsPastMark) continue;
                await output.WriteAsync(writer.Written, cancellationToken).ConfigureAwait(false);
                bytes += writer.Written.Length;
                writer.Clear();
            }
        }

        writer.End();
        if (format.IsOpenMetrics) writer.WriteRaw("# EOF\n"u8);
        if (writer.Written.Length > 0) await output.WriteAsync(writer.Written, cancellationToken).ConfigureAwait(false);
        return bytes + writer.Written.Length;
    }

    private static MetricFamilyReader Begin(PrometheusTextWriter writer, ExpositionPlan.Entry entry, IReadOnlyList<MetricFamilyReader> families)
    {
        writer.Begin(entry.Text, entry.Header);
        return families[entry.Index];
    }

    private int Read(MetricFamilyReader family, int position, PrometheusTextWriter writer)
    {
        try
        {
            return family.Read(position, writer);
        }
        catch (Exception exception)
        {
            writer.Rollback();
            Interlocked.Increment(ref _failedFamilies);
            TelemetryLosses.Count("metrics", Component, "read_failed");
            TelemetryErrors.Report(Diagnostic.MetricUnreadable, Component, $"metric '{family.Descriptor.Name}' could not be read for a scrape", "See the cause", exception);
            Warn($"Metric '{family.Descriptor.Name}' could not be read for a Prometheus scrape, which goes on without its other series: {exception.Message}");
            return MetricFamilyReader.Done;
        }
    }

    private ExpositionPlan PlanFor(IReadOnlyList<MetricFamilyReader> families, PrometheusStyle style)
    {
        var plan = Volatile.Read(ref _plans[style.Index]);
        if (plan.Fits(families)) return plan;

        plan = ExpositionPlanner.Make(families, style, _targetInfo.Exists, plan);
        Volatile.Write(ref _plans[style.Index], plan);
        foreach (var message in plan.LeftOut)
        {
            if (Warn(message)) TelemetryLosses.Count("metrics", Component, "name_conflict");
        }

        return plan;
    }

    /// <summary>Tells something once; returns whether it was new.</summary>
    private bool Warn(string message)
    {
        lock (_warned)
        {
            if (_warned.Count >= MaxRememberedWarnings || !_warned.Add(message)) return false;
        }

#pragma warning disable CA2254 // The message is complete: it was told apart by its whole text.
        _logger.LogWarning(Diagnostic.MetricNameConflict.EventId, message);
#pragma warning restore CA2254
        return true;
    }
}
