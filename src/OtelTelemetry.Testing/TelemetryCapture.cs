using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Events;
using OtelTelemetry.Metrics;
using OtelTelemetry.Testing.Internal;

namespace OtelTelemetry.Testing;

/// <summary>
/// Captures the telemetry of one test: metrics, spans, log records and events, to be asserted on. Captures that run at the same time do not
/// see each other's data:
/// <list type="bullet">
/// <item>What is recorded through <see cref="Metrics"/>, <see cref="Registry"/>, <see cref="MeterFactory"/> and <see cref="LoggerFactory"/>
/// belongs to this capture, whoever records it, on whatever thread.</item>
/// <item>Spans, and measurements of other meters, belong to it when they are made in the flow of calls and tasks that began with
/// <see cref="Start"/>, or in a trace that began there. So start it in the test itself, not in an asynchronous set-up.</item>
/// <item>Collectors of the process-wide registry (<c>new MetricsCollector(...)</c>) cannot be told apart: their series hold what the whole
/// process recorded since the start, and say so. Observable instruments have no caller: they are captured when their meter was made by
/// <see cref="MeterFactory"/>.</item>
/// </list>
/// Thread-safe.
/// </summary>
/// <example><code>
/// using var telemetry = TelemetryCapture.Start();
/// new Checkout(telemetry.Metrics).Pay();
/// telemetry.Metric("orders_total").WithLabels(("status", "ok")).ShouldBe(1);
/// telemetry.Span("checkout").ShouldHaveAttribute("items", 3);
/// </code></example>
public sealed class TelemetryCapture : IDisposable
{
    private readonly CaptureScope _scope;
    private readonly CaptureMeterFactory _meters = new();
    private readonly MeterCapture _meterCapture;
    private readonly SpanCapture _spans;
    private readonly CaptureLoggerProvider _logs;
    private readonly RegistryCapture _own;
    private readonly RegistryCapture _processWide;
    private readonly long _lastEventBefore;

    private TelemetryCapture(TelemetryCaptureOptions options)
    {
        if (options.MaxItems < 1) throw new ArgumentException($"{nameof(TelemetryCaptureOptions)}.{nameof(options.MaxItems)} is {options.MaxItems}; it must be at least 1.", nameof(options));
        _scope = new CaptureScope(options.WholeProcess, options.MaxItems);
        Registry = new MetricsRegistry(new TelemetryEventsOptions { MaxEvents = options.MaxItems, Retention = TimeSpan.FromDays(1) }, options.TimeProvider);
        Metrics = new MetricsCollector(new MetricsCollectorOptions { Namespace = options.Namespace, Registry = Registry, TimeProvider = options.TimeProvider });
        _own = new RegistryCapture(Registry, isProcessWide: false);
        _processWide = new RegistryCapture(MetricsRegistry.Default, isProcessWide: true);
        _lastEventBefore = MetricsRegistry.Default.Events.GetEvents(new EventQuery { Limit = 1 }) is [var last] ? last.Id : 0;
        _logs = new CaptureLoggerProvider(options.MaxItems);
        LoggerFactory = Microsoft.Extensions.Logging.LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_logs));
        _meterCapture = new MeterCapture(_scope, _meters, Registry, new NamePatterns(options.Meters), options.WholeProcess, options.MaxItems);
        _spans = new SpanCapture(_scope, new NamePatterns(options.Sources), options.MaxItems);
    }

    /// <summary>A collector to hand to the code under test.</summary>
    public MetricsCollector Metrics { get; }

    /// <summary>The registry of that collector; other collectors can be made in it.</summary>
    public MetricsRegistry Registry { get; }

    /// <summary>A factory of loggers to hand to the code under test. It lets every level through.</summary>
    public ILoggerFactory LoggerFactory { get; }

    /// <summary>The provider behind those loggers, for a logging builder of your own.</summary>
    public ILoggerProvider LoggerProvider => _logs;

    /// <summary>A factory of meters to hand to the code under test.</summary>
    public IMeterFactory MeterFactory => _meters;

    internal CaptureScope Scope => _scope;

    /// <summary>Begins a capture, which ends when it is disposed.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message says which.</exception>
    public static TelemetryCapture Start(TelemetryCaptureOptions? options = null) => new(options ?? new TelemetryCaptureOptions());

    /// <summary>A logger to hand to the code under test.</summary>
    /// <typeparam name="T">What it is for: the category is its name.</typeparam>
    public ILogger<T> CreateLogger<T>() => LoggerFactory.CreateLogger<T>();

    /// <summary>What is expected of a metric.</summary>
    /// <param name="name">Its full name, as it was registered or as the instrument has it.</param>
    public MetricAssertion Metric(string name) => new(name, GetSeries());

    /// <summary>What is expected of the spans of a name.</summary>
    /// <param name="name">The name they were started with, or the name they are shown under.</param>
    public SpanAssertion Span(string name) => new(name, GetSpans());

    /// <summary>Waits until spans of a name have ended: a server ends its span after the client has its answer.</summary>
    /// <param name="name">The name they were started with, or the name they are shown under.</param>
    /// <param name="count">How many. Default: 1.</param>
    /// <param name="timeout">How long to wait; null for 10 seconds.</param>
    /// <returns>What is expected of them.</returns>
    /// <exception cref="TelemetryAssertionException">They have not ended in time; the message shows those that have.</exception>
    public async Task<SpanAssertion> WaitForSpanAsync(string name, int count = 1, TimeSpan? timeout = null)
    {
        using var limit = new CancellationTokenSource(timeout ?? TimeSpan.FromSeconds(10));
        try
        {
            await _spans.Until(spans => spans.Count(span => span.Name == name || span.OperationName == name) >= count, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Span(name).ShouldBeRecorded(count);
        }

        return Span(name);
    }

    /// <summary>What is expected of the log records.</summary>
    public LogAssertion Log() => new(GetLogs());

    /// <summary>What is expected of the log records of a template.</summary>
    /// <param name="template">The template as the code has it, such as <c>sold {Book}</c>.</param>
    public LogAssertion Log(string template) => Log().WithTemplate(template);

    /// <summary>What is expected of the events of a name.</summary>
    /// <param name="name">The event's name.</param>
    public EventAssertion Event(string name) => new(name, GetEvents());

    /// <summary>The series of this moment, by name.</summary>
    public IReadOnlyList<CapturedSeries> GetSeries() =>
        [.. _own.Read().Concat(_meterCapture.Read()).Concat(_processWide.Read()).OrderBy(series => series.Metric, StringComparer.Ordinal)];

    /// <summary>The spans that have ended so far, in that order.</summary>
    public IReadOnlyList<CapturedSpan> GetSpans() => _spans.All;

    /// <summary>The log records so far.</summary>
    public IReadOnlyList<CapturedLog> GetLogs() => _logs.All;

    /// <summary>The events so far: those of <see cref="Registry"/>, and those of the process-wide registry that were recorded in a trace of this capture.</summary>
    public IReadOnlyList<TelemetryEvent> GetEvents()
    {
        var query = new EventQuery { Order = EventOrder.OldestFirst, Limit = EventQuery.LargestLimit };
        var shared = MetricsRegistry.Default.Events.GetEvents(query with { After = _lastEventBefore }).Where(one => _scope.Has(one.TraceId));
        return [.. Registry.Events.GetEvents(query).Concat(shared).OrderBy(one => one.Id)];
    }

    /// <summary>Ends the capture. What it has can still be read.</summary>
    public void Dispose()
    {
        _scope.Dispose();
        _spans.Dispose();
        _meterCapture.Dispose();
        LoggerFactory.Dispose();
        _meters.Dispose();
    }
}
