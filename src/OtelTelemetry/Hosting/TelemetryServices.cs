using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OtelTelemetry.Alerts;
using OtelTelemetry.Collectors;
using OtelTelemetry.Configuration;
using OtelTelemetry.Delivery;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Health.Running;
using OtelTelemetry.Hooks;
using OtelTelemetry.Logging.Levels;
using OtelTelemetry.Logging.Store;
using OtelTelemetry.Metrics;
using OtelTelemetry.Monitoring;
using OtelTelemetry.Processors.Measurements;
using OtelTelemetry.Processors.Measurements.Own;
using OtelTelemetry.Processors.Logs;
using OtelTelemetry.Processors.Spans;
using OtelTelemetry.Reading;
using OtelTelemetry.Tracing.Propagation;
using OtelTelemetry.Tracing.Sampling;
using OtelTelemetry.Tracing.Store;

namespace OtelTelemetry.Hosting;

/// <summary>The services an application can ask for, whether telemetry is on or off. Each is made when it is first asked for.</summary>
internal static class TelemetryServices
{
    public static void AddFacade(IServiceCollection services, TelemetryRegistration registration)
    {
        services.AddOptions();
        services.TryAddSingleton(_ => TelemetryRegistration.EnvironmentConfiguration());
        services.TryAddSingleton(registration.CreateSettings);
        services.TryAddSingleton(provider => provider.GetRequiredService<TelemetrySettings>().Options);
        services.TryAddSingleton(provider => new MeasurementRules(provider.GetRequiredService<TelemetryOptions>().Metrics.Rules));
        services.TryAddSingleton(CreateRegistry);
        services.TryAddSingleton<OwnMetrics>();
        services.TryAddSingleton(CreateProcessing);
        services.TryAddSingleton(provider => provider.GetRequiredService<MetricsRegistry>().Events);
        services.TryAddSingleton(CreateHooks);
        services.TryAddSingleton(CreateObserver);
        services.TryAddSingleton(CreateCollector);
        KeyedMetrics.Add(services);
        services.TryAddSingleton(CreatePipeline);
        services.TryAddSingleton<IMetricCollector>(provider => provider.GetRequiredService<CollectorPipeline>());
        services.TryAddSingleton(CreateMonitor);
        services.TryAddSingleton(CreateSdkSource);
        services.TryAddSingleton(CreateReadModel);
        services.TryAddSingleton(CreateScrapeHandler);
        services.TryAddSingleton(CreateDelivery);
        services.TryAddSingleton(CreateSpanStore);
        services.TryAddSingleton(CreateLogStore);
        services.TryAddSingleton(provider => new TraceSampling(
            provider.GetRequiredService<TelemetrySettings>(), provider.GetRequiredService<TelemetryRegistration>(), provider.GetRequiredService<IConfiguration>(), Clock(provider)));
        services.TryAddSingleton(provider => new SpanPipeline(provider.GetRequiredService<TelemetryOptions>().Traces.TailSampling, Clock(provider)));
        services.TryAddSingleton(CheckCollection.CreateMonitor);
        services.TryAddSingleton<LogPipeline>(_ => new LogPipeline());
        services.TryAddSingleton(provider => new LiveLogLevels(
            provider.GetRequiredService<TelemetrySettings>(), provider.GetRequiredService<TelemetryRegistration>(), provider.GetRequiredService<IConfiguration>(), Clock(provider)));
        services.TryAddSingleton(AlertSetup.CreateEngine);
        services.TryAddSingleton(provider => new LiveAlerts(
            provider.GetRequiredService<AlertEngine>(), provider.GetRequiredService<TelemetryRegistration>(), provider.GetRequiredService<IConfiguration>()));
        services.TryAddSingleton<TelemetryManager>();
    }

    /// <summary>Puts the chosen propagator where ASP.NET Core looks.</summary>
    public static void AddPropagation(IServiceCollection services)
    {
        var before = services.LastOrDefault(service => service.ServiceType == typeof(DistributedContextPropagator))?.ImplementationInstance as DistributedContextPropagator;
        services.AddSingleton(provider => AmbientPropagation.Choose(provider.GetRequiredService<TelemetryOptions>(), before ?? DistributedContextPropagator.Current));
    }

    private static MetricsRegistry CreateRegistry(IServiceProvider services)
    {
        var rules = services.GetRequiredService<MeasurementRules>();
        return new MetricsRegistry(MetricsRegistry.Default, services.GetRequiredService<TelemetryOptions>().Events, Clock(services))
        {
            Redefine = rules.IsEmpty ? null : rules.Redefine,
        };
    }

    private static SpanStore CreateSpanStore(IServiceProvider services)
    {
        var options = services.GetRequiredService<TelemetryOptions>();
        return SpanStore.ForPipeline(options.Enabled && options.Traces.Enabled ? options.Traces.Store.Capacity : null);
    }

    private static LogStore CreateLogStore(IServiceProvider services)
    {
        var options = services.GetRequiredService<TelemetryOptions>();
        return new LogStore(options.Enabled && options.Logs.Enabled ? options.Logs.Store.Capacity ?? 0 : 0, options.Logs.Store.MaxBytes);
    }

    private static TelemetryHooks CreateHooks(IServiceProvider services)
    {
        var hooks = services.GetRequiredService<MetricsRegistry>().Hooks;
        foreach (var registration in services.GetServices<HookRegistration>()) registration.Configure(services, hooks);
        return hooks;
    }

    private static PipelineObserver CreateObserver(IServiceProvider services) =>
        new(services.GetRequiredService<MetricsRegistry>(), services.GetRequiredService<OwnMetrics>().Registries, Clock(services));

    private static MetricsCollector CreateCollector(IServiceProvider services)
    {
        var metrics = services.GetRequiredService<TelemetryOptions>().Metrics;
        var collector = new MetricsCollector(new MetricsCollectorOptions
        {
            Namespace = metrics.Namespace,
            ConstantLabels = new Dictionary<string, string>(metrics.Labels),
            MaxSeriesPerMetric = metrics.MaxSeriesPerMetric,
            IdleSeriesExpiry = metrics.IdleSeriesExpiry,
            DefaultBuckets = metrics.DefaultBuckets.Count > 0 ? [.. metrics.DefaultBuckets] : MetricsCollectorOptions.DurationBuckets,
            Unregistered = metrics.Unregistered,
            MaxUnregistered = metrics.MaxUnregistered,
            Registry = services.GetRequiredService<MetricsRegistry>(),
            TimeProvider = Clock(services),
        });
        try
        {
            DeclaredMetrics.Make(collector, services.GetRequiredService<TelemetrySettings>());
        }
        catch
        {
            collector.Dispose();
            throw;
        }

        foreach (var sink in services.GetServices<IMetricSink>()) collector.AddSink(sink, metrics.Buffer);
        return collector;
    }

    private static CollectorPipeline CreatePipeline(IServiceProvider services) =>
        new(services.GetRequiredService<MetricsCollector>(), services.GetRequiredService<TelemetryOptions>().Metrics.Collectors, services.GetRequiredService<DeliveryMonitor>());

    /// <summary>With everything off it has nothing to run: a collector of the system would open files for nobody.</summary>
    private static PerformanceMonitor CreateMonitor(IServiceProvider services)
    {
        var options = services.GetRequiredService<TelemetryOptions>();
        var settings = options.Monitoring.Copy();
        if (options is not { Enabled: true, Metrics.Enabled: true }) settings.System.Enabled = false;
        PerformanceMonitor monitor;
        try
        {
            monitor = new PerformanceMonitor(services.GetRequiredService<MetricsCollector>(), settings, Clock(services));
        }
        catch (DuplicateMetricException exception)
        {
            var report = services.GetRequiredService<TelemetrySettings>().Report;
            var declared = options.Monitoring.Metrics.ContainsKey(exception.MetricName);
            report.Error(
                report.NameOfPart(declared ? $"{MonitoringBinding.MetricsPath}:{exception.MetricName}" : "Monitoring:System:Enabled"),
                exception.Message.TrimEnd('.'),
                declared ? "Declare it as the application makes it, or remove one of the two" : "Give the other metric another name, or leave this part of the system out");
            throw new TelemetryConfigurationException(report.Errors);
        }

        foreach (var registration in services.GetServices<MonitorRegistration>()) registration.Configure(services, monitor);
        return monitor;
    }

    private static TimeProvider Clock(IServiceProvider services) => services.GetService<TimeProvider>() ?? TimeProvider.System;

    private static MeasurementProcessing CreateProcessing(IServiceProvider services)
    {
        var rules = services.GetRequiredService<MeasurementRules>();
        return new MeasurementProcessing(
            rules,
            services.GetRequiredService<OwnMetrics>(),
            services.GetRequiredService<TelemetryOptions>().Metrics.MaxSeriesPerMetric,
            Clock(services),
            services.GetService<ILogger<MeasurementProcessing>>());
    }

    private static MetricReadModel CreateReadModel(IServiceProvider services)
    {
        IMetricSource[] own = services.GetRequiredService<OwnMetrics>().Registries;
        var others = services.GetRequiredService<SdkMetricSource>();
        var observer = services.GetRequiredService<PipelineObserver>();
        if (services.GetRequiredService<MeasurementRules>().IsEmpty) return new([.. own, others]) { Observer = observer };
        var processing = services.GetRequiredService<MeasurementProcessing>();
        return new(new ProcessedMetricSource(own, processing.Own), others, processing.Quantiles) { Observer = observer };
    }

    private static DeliveryMonitor CreateDelivery(IServiceProvider services)
    {
        var settings = services.GetRequiredService<TelemetrySettings>();
        var options = settings.Options.Delivery;
        var outbox = services.GetService<IOutbox>();
        if (outbox is null && options.Outbox.Path is not null)
        {
            settings.Report.Error(
                settings.Report.NameOf("Delivery:Outbox:Path", options.Outbox.Path),
                "the application has no durable outbox",
                "Add the package OtelTelemetry.Sqlite and call AddSqliteOutbox() on what AddPepperTelemetry returns, or remove the setting");
            throw new TelemetryConfigurationException(settings.Report.Errors);
        }

        return new DeliveryMonitor(options, outbox, Clock(services));
    }

    private static SdkMetricSource CreateSdkSource(IServiceProvider services)
    {
        var prometheus = services.GetRequiredService<TelemetryOptions>().Prometheus;
        return new SdkMetricSource(
            services.GetRequiredService<MeasurementProcessing>().Owns,
            prometheus.CollectionCacheDuration,
            prometheus.CollectionTimeout,
            Clock(services));
    }

    private static PrometheusScrapeHandler CreateScrapeHandler(IServiceProvider services)
    {
        var options = services.GetRequiredService<TelemetryOptions>();

        // What the provider says of itself includes what the application added to the resource.
        var resource = options.Enabled ? services.GetService<MeterProvider>()?.GetResource() : null;
        return new PrometheusScrapeHandler(
            services.GetRequiredService<MetricReadModel>(),
            options.Prometheus,
            resource?.Attributes,
            Clock(services),
            services.GetService<ILogger<PrometheusScrapeHandler>>());
    }
}
