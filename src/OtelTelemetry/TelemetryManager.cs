using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OtelTelemetry.Alerts;
using OtelTelemetry.Collectors;
using OtelTelemetry.Configuration;
using OtelTelemetry.Delivery;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Events;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Health;
using OtelTelemetry.Hooks;
using OtelTelemetry.Hosting;
using OtelTelemetry.Logging;
using OtelTelemetry.Logging.Levels;
using OtelTelemetry.Logging.Store;
using OtelTelemetry.Metrics;
using OtelTelemetry.Monitoring;
using OtelTelemetry.Reading;
using OtelTelemetry.Tracing;
using OtelTelemetry.Tracing.Observations;
using OtelTelemetry.Tracing.Propagation;
using OtelTelemetry.Tracing.Store;

namespace OtelTelemetry;

/// <summary>
/// Owns the start, flush and end of all signals. With a host it is a service, and the host starts and stops it; a program without one
/// calls <c>StartAsync</c>. Thread-safe. Only the start throws, and only for bad configuration.
/// </summary>
/// <example><code>
/// await using var telemetry = await TelemetryManager.StartAsync(options => options.ServiceName = "nightly-report");
/// var rows = telemetry.Metrics.CreateCounter("rows_total", "Rows written.");
/// </code></example>
public sealed class TelemetryManager : IAsyncDisposable, IDisposable
{
    /// <summary>The time to put into the outbox what could not be sent.</summary>
    private static readonly TimeSpan s_deliveryEnd = TimeSpan.FromSeconds(1);

    private readonly IServiceProvider _services;
    private readonly TelemetrySettings _settings;
    private readonly ProviderSet _providers;
    private readonly ExporterSet _exporters;
    private readonly PeriodicCollection _collection;
    private readonly MetricsRegistry _registry;
    private readonly Lazy<SimpleTracer> _tracer;
    private readonly Lock _gate = new();
    private readonly List<IDisposable> _running = [];
    private PrometheusHttpServer? _metricsServer;
    private PerformanceMonitor? _monitor;
    private ServiceProvider? _ownedServices;
    private bool _started;
    private Task? _shutdown;
    private Task? _healthStopped;

    /// <summary>Made by the container. The providers are made first, so that the container ends them after this manager.</summary>
    public TelemetryManager(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _services = services;
        _settings = services.GetRequiredService<TelemetrySettings>();
        _registry = services.GetRequiredService<MetricsRegistry>();
        Metrics = services.GetRequiredService<MetricsCollector>();
        Collectors = services.GetRequiredService<CollectorPipeline>();
        ReadModel = services.GetRequiredService<MetricReadModel>();
        Delivery = services.GetRequiredService<DeliveryMonitor>();
        Spans = services.GetRequiredService<SpanStore>();
        LogLevels = services.GetRequiredService<LiveLogLevels>();
        Health = services.GetRequiredService<HealthMonitor>();
        Logs = services.GetRequiredService<LogStore>();
        Alerts = services.GetRequiredService<AlertEngine>();
        _providers = ProviderSet.Create(services, _settings);
        _exporters = ExporterSet.Create(services, _settings);
        _collection = new PeriodicCollection(GetSnapshot, Clock);
        _tracer = new Lazy<SimpleTracer>(() => new SimpleTracer(Options.ServiceName!, Options.ServiceVersion ?? "", Spans));
    }

    /// <summary>The application's collector: makes and holds its metrics.</summary>
    public MetricsCollector Metrics { get; }

    /// <summary>Runs what measures the application and the machine on an interval, while telemetry runs. Collectors may be registered at any time.</summary>
    public PerformanceMonitor Monitor => _services.GetRequiredService<PerformanceMonitor>();

    /// <summary>The collectors in front of <see cref="Metrics"/>, for measurements recorded by name.</summary>
    public CollectorPipeline Collectors { get; }

    /// <summary>The application's events, those of the process-wide registry among them while telemetry runs.</summary>
    public TelemetryEvents Events => _registry.Events;

    /// <summary>The application's hooks: on records, collections, exports, events and errors. They end with telemetry.</summary>
    public TelemetryHooks Hooks => _registry.Hooks;

    /// <summary>Every metric of the application and of the libraries it uses, to be read.</summary>
    public MetricReadModel ReadModel { get; }

    /// <summary>Delivers everything that leaves over HTTP, and knows what became of it.</summary>
    public DeliveryMonitor Delivery { get; }

    /// <summary>The last ended spans of the application, to be read; keeps none unless <c>Telemetry:Traces:Store:Capacity</c> is set.</summary>
    public SpanStore Spans { get; }

    /// <summary>The levels of log records that go to OpenTelemetry, to be changed while the application runs.</summary>
    public LiveLogLevels LogLevels { get; }

    /// <summary>Runs the health checks of the application and knows how they stand.</summary>
    public HealthMonitor Health { get; }

    /// <summary>The last log records of the application, to be read; keeps none unless <c>Telemetry:Logs:Store:Capacity</c> is set.</summary>
    public LogStore Logs { get; }

    /// <summary>The alerts of the application: what is pending and firing, and silences.</summary>
    public AlertEngine Alerts { get; }

    /// <summary>A tracer named as the service, whose spans are therefore recorded. It ends with telemetry.</summary>
    public SimpleTracer Tracer => _tracer.Value;

    /// <summary>The settings in use. Changes have no effect.</summary>
    public TelemetryOptions Options => _settings.Options;

    /// <summary>Starts telemetry in a program without a host.</summary>
    /// <param name="configure">Sets options; beats every other source of settings.</param>
    /// <param name="configuration">Where section <c>Telemetry</c> and the <c>OTEL_*</c> variables are read. Default: the environment.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="TelemetryConfigurationException">The configuration is wrong; every error is listed.</exception>
    public static async Task<TelemetryManager> StartAsync(
        Action<TelemetryOptions>? configure = null, IConfiguration? configuration = null, CancellationToken cancellationToken = default)
    {
        var services = new ServiceCollection();
        if (configuration is not null) services.AddSingleton(configuration);
        services.AddPepperTelemetry(configure);
        var provider = services.BuildServiceProvider();
        try
        {
            var manager = provider.GetRequiredService<TelemetryManager>();
            manager._ownedServices = provider;
            await manager.StartAsync(cancellationToken).ConfigureAwait(false);
            return manager;
        }
        catch
        {
            await provider.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts telemetry in a program without a host.</summary>
    /// <param name="options">What differs from the default in them beats every other source of settings.</param>
    /// <param name="configuration">Where section <c>Telemetry</c> and the <c>OTEL_*</c> variables are read. Default: the environment.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="TelemetryConfigurationException">The configuration is wrong; every error is listed.</exception>
    public static Task<TelemetryManager> StartAsync(TelemetryOptions options, IConfiguration? configuration = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return StartAsync(bound => TelemetryOptionsOverlay.Apply(options, bound), configuration, cancellationToken);
    }

    /// <summary>A logger that writes messages with named values beside them.</summary>
    /// <param name="name">The category, such as <c>api</c>.</param>
    public TelemetryLogger GetLogger(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new TelemetryLogger(_services.GetService<ILoggerFactory>()?.CreateLogger(name) ?? NullLogger.Instance);
    }

    /// <summary>Defines something to be watched as span, duration and errors at once, with <see cref="Metrics"/> and <see cref="Tracer"/>.</summary>
    /// <param name="name">What is observed, such as <c>order.process</c>.</param>
    /// <param name="labelNames">The names of the values that go to metrics and span: those with few different values.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has one of the names.</exception>
    public Observation CreateObservation(string name, params ReadOnlySpan<string> labelNames) => new(Metrics, Tracer, name, labelNames);

    /// <summary>Defines something to be watched as span, duration and errors at once, with <see cref="Metrics"/> and <see cref="Tracer"/>.</summary>
    /// <param name="options">The definition.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has one of the names.</exception>
    public Observation CreateObservation(ObservationOptions options) => new(Metrics, Tracer, options);

    /// <summary>The metrics of this moment, and how telemetry is doing. Never throws for a source that fails.</summary>
    public TelemetrySnapshot GetSnapshot()
    {
        using var collection = ReadModel.Collect();
        MetricFamily[] families = [.. collection.Families.Select(MetricFamilyMaterializer.Materialize).OrderBy(family => family.Descriptor.Name, StringComparer.Ordinal)];
        return new TelemetrySnapshot(Clock.GetUtcNow(), families, Events.Count, _started && _shutdown is null);
    }

    /// <summary>What the last collection on the interval found (<see cref="StartCollection"/>); null before the first.</summary>
    public TelemetrySnapshot? LatestSnapshot => _collection.Latest;

    /// <summary>Collects the metrics on an interval from now on, for hooks, self metrics and <see cref="LatestSnapshot"/>; exporters collect
    /// by themselves. <c>Telemetry:Metrics:CollectionInterval</c> does the same from the start. A second call changes the interval.</summary>
    /// <param name="interval">How often; more than zero.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="interval"/> is not more than zero.</exception>
    public void StartCollection(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        lock (_gate)
        {
            if (_shutdown is null) _collection.Start(interval);
        }
    }

    /// <summary>Ends the collecting on an interval. Does nothing when there is none.</summary>
    public void StopCollection() => _collection.Stop();

    /// <summary>Sends what has been recorded so far. Never throws for what cannot be sent.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether everything arrived; false when the time ran out, or something waits because its backend is away (<see cref="Delivery"/>).</returns>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken = default)
    {
        // First what is held back before the instruments, so that the exporters see it.
        var collected = await Within(token => Collectors.FlushAsync(token), Options.ShutdownTimeout, cancellationToken).ConfigureAwait(false);
        var exports = _exporters.FlushAsync(cancellationToken);
        var exported = await _providers.FlushAsync(Options.ShutdownTimeout, cancellationToken).ConfigureAwait(false) & await exports.ConfigureAwait(false);
        var delivered = false;
        await Within(async token => delivered = await Delivery.FlushAsync(token).ConfigureAwait(false), Options.ShutdownTimeout, cancellationToken).ConfigureAwait(false);
        return collected && exported && delivered;
    }

    /// <summary>Sends what is left and ends all signals, within <see cref="TelemetryOptions.ShutdownTimeout"/>: what is not sent by then is given up.
    /// Further calls wait for the first. Never throws.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task ShutdownAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _shutdown ??= ShutdownOnceAsync();
        }

        return Ended(_shutdown, cancellationToken);
    }

    /// <summary>Ends all signals like <see cref="ShutdownAsync"/>, and everything made by <see cref="StartAsync(TelemetryOptions, IConfiguration, CancellationToken)"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await ShutdownAsync().ConfigureAwait(false);
        if (Interlocked.Exchange(ref _ownedServices, null) is { } services) await services.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>As <see cref="DisposeAsync"/>, waiting for it.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private TimeProvider Clock => _services.GetService<TimeProvider>() ?? TimeProvider.System;

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_started || _shutdown is not null || !Options.Enabled) return;
            _started = true;
            if (Spans.Capacity > 0) _running.Add(Spans.Run());
            if (AmbientPropagation.Start(Options) is { } propagation) _running.Add(propagation);
            if (_settings.WantsExemplars && (Options.Prometheus is { Enabled: true, Exemplars: true } || Options.Exporters.Values.Any(exporter => exporter.WantsExemplars)))
            {
                _running.Add(ExemplarSampling.Start(Clock));
            }
        }

        foreach (var service in _services.GetServices<MadeAtStart>()) service.Make(_services);
        var loggers = _services.GetService<ILoggerFactory>();
        var logger = loggers?.CreateLogger("OtelTelemetry") ?? NullLogger.Instance;
        ListenTo(loggers, logger);
        if (loggers is not null)
        {
            lock (_gate) _running.Add(Log.Run(loggers));
        }

        foreach (var warning in _settings.Warnings) logger.LogWarning(Diagnostic.ConfigurationWarning.EventId, "{Warning}", warning);
        if (Options.Metrics.Enabled)
        {
            _monitor = Monitor;
            _monitor.Start();
        }

        _exporters.Start();
        Health.Start();
        AlertSetup.Start(Alerts, _services, Options);
        if (Options.Metrics.CollectionInterval is { } interval) StartCollection(interval);
        if (Options is not { Metrics.Enabled: true, Prometheus: { Enabled: true, Port: not null } }) return;
        _metricsServer = new PrometheusHttpServer(
            _services.GetRequiredService<PrometheusScrapeHandler>(), Options.Prometheus, _services.GetService<ILogger<PrometheusHttpServer>>());
        await _metricsServer.StartAsync(cancellationToken).ConfigureAwait(false);
        logger.LogInformation(Diagnostic.MetricsServerStarted.EventId, "Metrics for Prometheus are at {Address}", _metricsServer.Address);
    }

    /// <summary>Failures of the library become log lines, events become log records, and the hooks are there.</summary>
    private void ListenTo(ILoggerFactory? loggers, ILogger logger)
    {
        var errors = new ErrorLog(logger);
        Events.LogTo(loggers?.CreateLogger(TelemetryEvents.LogCategory));
        var shared = ReferenceEquals(Events, MetricsRegistry.Default.Events) ? null : MetricsRegistry.Default.Events.Follow(Events);
        _services.GetRequiredService<TelemetryHooks>(); // With those the application named.
        lock (_gate)
        {
            _running.Add(errors);
            if (shared is not null) _running.Add(shared);
        }
    }

    private async Task ShutdownOnceAsync()
    {
        using var budget = new CancellationTokenSource(Options.ShutdownTimeout);
        _collection.Dispose();
        var started = Stopwatch.GetTimestamp();
        await StopHealthAsync().ConfigureAwait(false);
        if (_monitor is { } monitor) await Within(_ => new ValueTask(monitor.StopAsync()), Options.ShutdownTimeout / 4, CancellationToken.None).ConfigureAwait(false);
        // What collectors hold back goes to the instruments before the exporters' last turn. One that hangs must leave them time.
        await Within(_ => Collectors.DisposeAsync(), Options.ShutdownTimeout / 4, CancellationToken.None).ConfigureAwait(false);
        var left = Options.ShutdownTimeout - Stopwatch.GetElapsedTime(started);
        await Task.WhenAll(
            Within(_ => new ValueTask(Alerts.StopAsync(left)), left, CancellationToken.None),
            Within(Metrics.FlushAsync, left, CancellationToken.None),
            _providers.ShutdownAsync(left),
            _exporters.ShutdownAsync(left),
            _metricsServer?.StopAsync(budget.Token) ?? Task.CompletedTask).ConfigureAwait(false);
        // They gave their last to the delivery, which has been sending all the while.
        await Within(_ => new ValueTask(Delivery.ShutdownAsync(Left())), Left() + s_deliveryEnd, CancellationToken.None).ConfigureAwait(false);

        // Last, since the end is something to hear of as well; a hook that hangs has only what is left of the time.
        await Hooks.EndAsync(budget.Token).ConfigureAwait(false);
        foreach (var running in _running) running.Dispose();
        if (_tracer.IsValueCreated) Tracer.Dispose();

        TimeSpan Left() => TimeSpan.FromTicks(Math.Max(0, (Options.ShutdownTimeout - Stopwatch.GetElapsedTime(started)).Ticks));
    }

    /// <summary>Ends the health checks. One that hangs must leave the signals their time.</summary>
    internal Task StopHealthAsync()
    {
        lock (_gate) return _healthStopped ??= Within(_ => new ValueTask(Health.StopAsync()), Options.ShutdownTimeout / 4, CancellationToken.None);
    }

    /// <returns>Whether it ended in time and without an error.</returns>
    private static async Task<bool> Within(Func<CancellationToken, ValueTask> action, TimeSpan time, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(() => action(cancellationToken).AsTask(), cancellationToken).WaitAsync(time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static async Task Ended(Task shutdown, CancellationToken cancellationToken) =>
        await Task.WhenAny(shutdown, Task.Delay(Timeout.Infinite, cancellationToken)).ConfigureAwait(false);
}
