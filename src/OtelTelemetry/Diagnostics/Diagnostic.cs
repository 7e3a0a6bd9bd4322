using Microsoft.Extensions.Logging;

namespace OtelTelemetry.Diagnostics;

/// <summary>
/// What the library itself can have to say while the application runs, one line each, with an id that never changes its meaning. docs/diagnostics.md says of each what it means, where it comes
/// from and what to do; a test holds both to each other. Immutable.
/// </summary>
/// <param name="Id">The event id of its log record.</param>
/// <param name="Name">The event name of its log record.</param>
internal sealed record Diagnostic(int Id, string Name)
{
    // 100: start, hooks, events.
    public static readonly Diagnostic ConfigurationWarning = new(100, nameof(ConfigurationWarning));
    public static readonly Diagnostic MetricsServerStarted = new(101, nameof(MetricsServerStarted));
    public static readonly Diagnostic MetricsServerConnectionFailed = new(102, nameof(MetricsServerConnectionFailed));
    public static readonly Diagnostic ScrapeAnswerFailed = new(103, nameof(ScrapeAnswerFailed));
    public static readonly Diagnostic ScrapeIncomplete = new(104, nameof(ScrapeIncomplete));
    public static readonly Diagnostic HookFailed = new(110, nameof(HookFailed));
    public static readonly Diagnostic EventWithoutName = new(120, nameof(EventWithoutName));
    public static readonly Diagnostic EventNotRecorded = new(121, nameof(EventNotRecorded));
    public static readonly Diagnostic EventNotLogged = new(122, nameof(EventNotLogged));

    // 200: metrics.
    public static readonly Diagnostic MeasurementLeftOut = new(200, nameof(MeasurementLeftOut));
    public static readonly Diagnostic MeasurementRefused = new(201, nameof(MeasurementRefused));
    public static readonly Diagnostic MeasurementSinkFailed = new(202, nameof(MeasurementSinkFailed));
    public static readonly Diagnostic MeasurementSinkCloseFailed = new(203, nameof(MeasurementSinkCloseFailed));
    public static readonly Diagnostic MetricSourceFailed = new(210, nameof(MetricSourceFailed));
    public static readonly Diagnostic InstrumentCollectionFailed = new(211, nameof(InstrumentCollectionFailed));
    public static readonly Diagnostic MetricUnreadable = new(212, nameof(MetricUnreadable));
    public static readonly Diagnostic MetricNameConflict = new(213, nameof(MetricNameConflict));
    public static readonly Diagnostic MeasuredMethodConflict = new(214, nameof(MeasuredMethodConflict));
    public static readonly Diagnostic BucketsNotApplied = new(215, nameof(BucketsNotApplied));

    // 300: exporters.
    public static readonly Diagnostic ExportFailed = new(300, nameof(ExportFailed));
    public static readonly Diagnostic ExporterCloseFailed = new(301, nameof(ExporterCloseFailed));
    public static readonly Diagnostic ScrapeFailed = new(302, nameof(ScrapeFailed));
    public static readonly Diagnostic SdkQueueUncounted = new(303, nameof(SdkQueueUncounted));
    public static readonly Diagnostic FileNotCompleted = new(304, nameof(FileNotCompleted));
    public static readonly Diagnostic GroupNotDeleted = new(305, nameof(GroupNotDeleted));
    public static readonly Diagnostic SeriesNotEnded = new(306, nameof(SeriesNotEnded));

    // 400: delivery.
    public static readonly Diagnostic BackendUnavailable = new(400, nameof(BackendUnavailable));
    public static readonly Diagnostic RequestRefused = new(401, nameof(RequestRefused));
    public static readonly Diagnostic ItemsRejected = new(402, nameof(ItemsRejected));
    public static readonly Diagnostic RequestSplit = new(403, nameof(RequestSplit));
    public static readonly Diagnostic ItemTooLarge = new(404, nameof(ItemTooLarge));
    public static readonly Diagnostic DeliveryFailed = new(405, nameof(DeliveryFailed));
    public static readonly Diagnostic OutboxUnavailable = new(410, nameof(OutboxUnavailable));
    public static readonly Diagnostic OutboxNotCleaned = new(411, nameof(OutboxNotCleaned));
    public static readonly Diagnostic OutboxDamaged = new(412, nameof(OutboxDamaged));
    public static readonly Diagnostic OutboxNotMovedAside = new(413, nameof(OutboxNotMovedAside));

    // 500: traces.
    public static readonly Diagnostic SpanProcessorFailed = new(500, nameof(SpanProcessorFailed));
    public static readonly Diagnostic SpanNotKept = new(501, nameof(SpanNotKept));
    public static readonly Diagnostic SamplingNotReloaded = new(502, nameof(SamplingNotReloaded));
    public static readonly Diagnostic ObservationNotLogged = new(503, nameof(ObservationNotLogged));

    // 600: logs.
    public static readonly Diagnostic LogProcessorFailed = new(600, nameof(LogProcessorFailed));
    public static readonly Diagnostic ScopesNotRedacted = new(601, nameof(ScopesNotRedacted));
    public static readonly Diagnostic LogProviderFailed = new(602, nameof(LogProviderFailed));
    public static readonly Diagnostic LogSinkRecordFailed = new(610, nameof(LogSinkRecordFailed));
    public static readonly Diagnostic LogSinkUnavailable = new(611, nameof(LogSinkUnavailable));
    public static readonly Diagnostic LogSinkGaveUp = new(612, nameof(LogSinkGaveUp));
    public static readonly Diagnostic LogSinkCloseFailed = new(613, nameof(LogSinkCloseFailed));
    public static readonly Diagnostic LogNotKept = new(614, nameof(LogNotKept));
    public static readonly Diagnostic LogFilesNotTidied = new(615, nameof(LogFilesNotTidied));
    public static readonly Diagnostic LogLevelsNotReloaded = new(620, nameof(LogLevelsNotReloaded));
    public static readonly Diagnostic LogLevelListenerFailed = new(621, nameof(LogLevelListenerFailed));
    public static readonly Diagnostic RequestNotLogged = new(630, nameof(RequestNotLogged));

    // 700: health, monitors.
    public static readonly Diagnostic HealthCheckNotEnded = new(700, nameof(HealthCheckNotEnded));
    public static readonly Diagnostic HealthListenerFailed = new(701, nameof(HealthListenerFailed));
    public static readonly Diagnostic HealthMetricsMissing = new(702, nameof(HealthMetricsMissing));
    public static readonly Diagnostic CollectorFailed = new(710, nameof(CollectorFailed));
    public static readonly Diagnostic CollectorTimedOut = new(711, nameof(CollectorTimedOut));
    public static readonly Diagnostic CollectorOverran = new(712, nameof(CollectorOverran));
    public static readonly Diagnostic MonitoredMetricMissing = new(713, nameof(MonitoredMetricMissing));

    // 800: alerts.
    public static readonly Diagnostic AlertFiring = new(800, nameof(AlertFiring));
    public static readonly Diagnostic AlertResolved = new(801, nameof(AlertResolved));
    public static readonly Diagnostic AlertsFailed = new(810, nameof(AlertsFailed));
    public static readonly Diagnostic AlertRuleFailed = new(811, nameof(AlertRuleFailed));
    public static readonly Diagnostic AlertSeriesLimit = new(812, nameof(AlertSeriesLimit));
    public static readonly Diagnostic AlertsNotReloaded = new(813, nameof(AlertsNotReloaded));
    public static readonly Diagnostic AlertHandlerFailed = new(820, nameof(AlertHandlerFailed));
    public static readonly Diagnostic AlertHandlerCloseFailed = new(821, nameof(AlertHandlerCloseFailed));
    public static readonly Diagnostic AlertStateNotRead = new(830, nameof(AlertStateNotRead));
    public static readonly Diagnostic AlertStateNotSaved = new(831, nameof(AlertStateNotSaved));

    /// <summary>As logs have it.</summary>
    public EventId EventId => new(Id, Name);
}
