using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OtelTelemetry.Collectors;
using OtelTelemetry.Configuration;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Hosting;
using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;
using OtelTelemetry.Tracing.Propagation;

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
    private readonly IServiceProvider _services;
    private readonly TelemetrySettings _settings;
    private readonly ProviderSet _providers;
    private readonly Lock _gate = new();
    private readonly List<IDisposable> _running = [];
    private PrometheusHttpServer? _metricsServer;
    private ServiceProvider? _ownedServices;
    private bool _started;
    private Task? _shutdown;

    /// <summary>Made by the container. The providers are made first, so that the container ends them after this manager.</summary>
    public TelemetryManager(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _services = services;
        _settings = services.GetRequiredService<TelemetrySettings>();
        Metrics = services.GetRequiredService<MetricsCollector>();
        Collectors = services.GetRequiredService<CollectorPipeline>();
        ReadModel = services.GetRequiredService<MetricReadModel>();
        _providers = ProviderSet.Create(services, _settings);
    }

    /// <summary>The application's collector: makes and holds its metrics.</summary>
    public MetricsCollector Metrics { get; }

    /// <summary>The collectors in front of <see cref="Metrics"/>, for measurements recorded by name.</summary>
    public CollectorPipeline Collectors { get; }

    /// <summary>Every metric of the application and of the libraries it uses, to be read.</summary>
    public MetricReadModel ReadModel { get; }

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

    /// <summary>Sends what has been recorded so far. Never throws for what cannot be sent.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether everything was handed over before the exporters' time ran out.</returns>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken = default)
    {
        // First what is held back before the instruments, so that the exporters see it.
        var collected = await Within(token => Collectors.FlushAsync(token), Options.ShutdownTimeout, cancellationToken).ConfigureAwait(false);
        return await _providers.FlushAsync(Options.ShutdownTimeout, cancellationToken).ConfigureAwait(false) && collected;
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

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_started || _shutdown is not null || !Options.Enabled) return;
            _started = true;
            if (!PropagationFormats.AreDefault(Options.Propagators)) _running.Add(new AmbientPropagation([.. Options.Propagators]));
            if (_settings.WantsExemplars && Options.Prometheus is { Enabled: true, Exemplars: true })
            {
                _running.Add(ExemplarSampling.Start(_services.GetService<TimeProvider>() ?? TimeProvider.System));
            }
        }

        var logger = _services.GetService<ILoggerFactory>()?.CreateLogger("OtelTelemetry") ?? NullLogger.Instance;
        foreach (var warning in _settings.Warnings) logger.LogWarning("{Warning}", warning);
        if (Options is not { Metrics.Enabled: true, Prometheus: { Enabled: true, Port: not null } }) return;
        _metricsServer = new PrometheusHttpServer(
            _services.GetRequiredService<PrometheusScrapeHandler>(), Options.Prometheus, _services.GetService<ILogger<PrometheusHttpServer>>());
        await _metricsServer.StartAsync(cancellationToken).ConfigureAwait(false);
        logger.LogInformation("Metrics for Prometheus are at {Address}", _metricsServer.Address);
    }

    private async Task ShutdownOnceAsync()
    {
        using var budget = new CancellationTokenSource(Options.ShutdownTimeout);
        var started = Stopwatch.GetTimestamp();
        // What collectors hold back goes to the instruments before the exporters' last turn. One that hangs must leave them time.
        await Within(_ => Collectors.DisposeAsync(), Options.ShutdownTimeout / 4, CancellationToken.None).ConfigureAwait(false);
        var left = Options.ShutdownTimeout - Stopwatch.GetElapsedTime(started);
        await Task.WhenAll(
            Within(Metrics.FlushAsync, left, CancellationToken.None),
            _providers.ShutdownAsync(left),
            _metricsServer?.StopAsync(budget.Token) ?? Task.CompletedTask).ConfigureAwait(false);
        foreach (var running in _running) running.Dispose();
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
