using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using OtelTelemetry.Alerts.Handlers;
using OtelTelemetry.Alerts.Rules;
using OtelTelemetry.Collectors;
using OtelTelemetry.Configuration;
using OtelTelemetry.Delivery;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Otlp;
using OtelTelemetry.Exporters.Zipkin;
using OtelTelemetry.Hooks;
using OtelTelemetry.Hosting;
using OtelTelemetry.Instrumentation;
using OtelTelemetry.Logging;
using OtelTelemetry.Logging.Levels;
using OtelTelemetry.Logging.Sinks;
using OtelTelemetry.Logging.Store;
using OtelTelemetry.Processors.Logs;
using OtelTelemetry.Processors.Logs.Redact;
using OtelTelemetry.Processors.Measurements;
using OtelTelemetry.Processors.Spans;
using OtelTelemetry.Reading;
using OtelTelemetry.Tracing.Sampling;
using OtelTelemetry.Tracing.Store;

namespace OtelTelemetry;

/// <summary>
/// What <c>AddPepperTelemetry</c> returns: the place to add to the telemetry of the application. It is also OpenTelemetry's own builder,
/// so that <c>WithMetrics</c>, <c>WithTracing</c>, <c>WithLogging</c> and what other packages build on them work on it.
/// Used while the application is put together, by one thread.
/// </summary>
public sealed class TelemetryBuilder : IOpenTelemetryBuilder
{
    private readonly IServiceCollection _pipelineServices;

    private TelemetryBuilder(IServiceCollection services, bool enabled)
    {
        Services = services;

        // Where telemetry is off, what the application configures on providers goes nowhere.
        _pipelineServices = enabled ? services : new ServiceCollection();
    }

    private sealed record CreatedSpanProcessor(Func<SpanProcessorContext, SpanProcessor> Function) : SpanProcessorOptions
    {
        public override SpanProcessor Create(SpanProcessorContext context) => Function(context);
    }

    private sealed record CreatedLogProcessor(Func<LogProcessorContext, LogProcessor> Function) : LogProcessorOptions
    {
        public override LogProcessor Create(LogProcessorContext context) => Function(context);
    }

    private sealed record CreatedAlertHandler(Func<AlertHandlerContext, AlertHandler> Function) : AlertHandlerOptions
    {
        public override AlertHandler Create(AlertHandlerContext context) => Function(context);
    }

    private sealed record CreatedLogSink(Func<LogSinkContext, LogSink> Function) : LogSinkOptions
    {
        public override LogSink Create(LogSinkContext context) => Function(context);
    }

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    IServiceCollection IOpenTelemetryBuilder.Services => _pipelineServices;

    /// <summary>Collects further meters.</summary>
    /// <param name="names">Their names; <c>*</c> stands for any text.</param>
    public TelemetryBuilder AddMeter(params string[] names)
    {
        Services.AddSingleton(new WantedMeters(names));
        this.WithMetrics(metrics => metrics.AddMeter(names));
        return this;
    }

    /// <summary>Adds a rule for what happens to the measurements of some instruments before they are exported, after those of the configuration.</summary>
    /// <param name="rule">The rule; what is wrong with it is reported at the start.</param>
    public TelemetryBuilder AddMeasurementRule(MeasurementRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        TelemetryRegistration.GetOrAdd(Services).Add(options => options.Metrics.Rules.Add(rule));
        return this;
    }

    /// <summary>Writes the pipeline that measurements recorded by name meet before their instruments
    /// (<see cref="CollectorPipeline"/> and <see cref="IMetricCollector"/> as services). What is written here replaces
    /// <c>Telemetry:Metrics:Collectors</c>.</summary>
    /// <param name="configure">Writes the pipeline.</param>
    public TelemetryBuilder WithCollectors(Action<CollectorPipelineBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        TelemetryRegistration.GetOrAdd(Services).Add(options =>
        {
            options.Metrics.Collectors.Clear();
            configure(new CollectorPipelineBuilder(options.Metrics.Collectors));
        });
        return this;
    }

    /// <summary>Gives raw measurements recorded by name to a sink, batch by batch (<c>Telemetry:Metrics:Buffer</c>).</summary>
    /// <typeparam name="TSink">The sink, which is made by the container.</typeparam>
    public TelemetryBuilder AddMetricSink<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>()
        where TSink : class, IMetricSink
    {
        Services.TryAddSingleton<TSink>();
        Services.AddSingleton<IMetricSink>(services => services.GetRequiredService<TSink>());
        return this;
    }

    /// <summary>Adds an exporter of metrics, which exports on its interval.</summary>
    /// <param name="name">Its name: there may be several of one type. Settings in <c>Telemetry:Exporters</c> under the same name are replaced.</param>
    /// <param name="options">Its settings, which make it.</param>
    public TelemetryBuilder AddExporter(string name, MetricsExporterOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(options);
        TelemetryRegistration.GetOrAdd(Services).Add(all => all.Exporters[name] = options);
        return this;
    }

    /// <summary>Records further activity sources.</summary>
    /// <param name="names">Their names; <c>*</c> stands for any text.</param>
    public TelemetryBuilder AddSource(params string[] names)
    {
        this.WithTracing(traces => traces.AddSource(names));
        return this;
    }

    /// <summary>Adds a processor that sees every span when it has ended and before anything exports it, after those of the configuration.</summary>
    /// <param name="options">Its settings, which make it; what is wrong with them is reported at the start.</param>
    public TelemetryBuilder AddSpanProcessor(SpanProcessorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        TelemetryRegistration.GetOrAdd(Services).Add(all => all.Traces.Processors.Add(options));
        return this;
    }

    /// <summary>Adds a processor of your own that sees every span when it has ended and before anything exports it, after those of the configuration.</summary>
    /// <param name="create">Makes it, once, when telemetry starts.</param>
    public TelemetryBuilder AddSpanProcessor(Func<SpanProcessorContext, SpanProcessor> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return AddSpanProcessor(new CreatedSpanProcessor(create));
    }

    /// <summary>Adds a processor that sees every log record before anything exports it, after those of the configuration.</summary>
    /// <param name="options">Its settings, which make it; what is wrong with them is reported at the start.</param>
    public TelemetryBuilder AddLogProcessor(LogProcessorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        TelemetryRegistration.GetOrAdd(Services).Add(all => all.Logs.Processors.Add(options));
        return this;
    }

    /// <summary>Adds a processor of your own that sees every log record before anything exports it, after those of the configuration.</summary>
    /// <param name="create">Makes it, once, when telemetry starts.</param>
    public TelemetryBuilder AddLogProcessor(Func<LogProcessorContext, LogProcessor> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return AddLogProcessor(new CreatedLogProcessor(create));
    }

    /// <summary>Adds a place where log records go, after every processor.</summary>
    /// <param name="name">Its name: there may be several of one type. Settings in <c>Telemetry:Logs:Sinks</c> under the same name are replaced.</param>
    /// <param name="options">Its settings, which make it; what is wrong with them is reported at the start.</param>
    public TelemetryBuilder AddLogSink(string name, LogSinkOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(options);
        TelemetryRegistration.GetOrAdd(Services).Add(all => all.Logs.Sinks[name] = options);
        return this;
    }

    /// <summary>Adds a place of your own where log records go, after every processor.</summary>
    /// <param name="name">Its name: there may be several of one type.</param>
    /// <param name="create">Makes it, once, when telemetry starts.</param>
    public TelemetryBuilder AddLogSink(string name, Func<LogSinkContext, LogSink> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return AddLogSink(name, new CreatedLogSink(create));
    }

    /// <summary>Adds a rule for an alert.</summary>
    /// <param name="name">Its name, which is the alert's. A rule in <c>Telemetry:Alerts:Rules</c> under the same name is replaced.</param>
    /// <param name="rule">The rule; what is wrong with it is reported at the start.</param>
    public TelemetryBuilder AddAlertRule(string name, AlertRule rule)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(rule);
        TelemetryRegistration.GetOrAdd(Services).Add(all => all.Alerts.Rules[name] = rule);
        return this;
    }

    /// <summary>Adds somebody who is told of alerts.</summary>
    /// <param name="name">Its name: there may be several of one type. Settings in <c>Telemetry:Alerts:Handlers</c> under the same name are replaced.</param>
    /// <param name="options">Its settings, which make it; what is wrong with them is reported at the start.</param>
    public TelemetryBuilder AddAlertHandler(string name, AlertHandlerOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(options);
        TelemetryRegistration.GetOrAdd(Services).Add(all => all.Alerts.Handlers[name] = options);
        return this;
    }

    /// <summary>Adds a handler of your own that is told of all alerts.</summary>
    /// <param name="name">Its name: there may be several of one type.</param>
    /// <param name="create">Makes it, once, when telemetry starts.</param>
    public TelemetryBuilder AddAlertHandler(string name, Func<AlertHandlerContext, AlertHandler> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return AddAlertHandler(name, new CreatedAlertHandler(create));
    }

    /// <summary>Adds hooks: code that hears of records, collections, exports, events and errors. Called when telemetry starts.</summary>
    /// <param name="configure">Adds hooks, such as <c>hooks => hooks.OnEvent(e => ...)</c>.</param>
    public TelemetryBuilder AddHooks(Action<TelemetryHooks> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return AddHooks((_, hooks) => configure(hooks));
    }

    /// <summary>Adds hooks that need services of the application. Called when telemetry starts.</summary>
    /// <param name="configure">Adds hooks.</param>
    public TelemetryBuilder AddHooks(Action<IServiceProvider, TelemetryHooks> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.AddSingleton(new HookRegistration(configure));
        return this;
    }

    /// <summary>Adds telemetry to services; further calls only add their callback.</summary>
    internal static TelemetryBuilder Create(IServiceCollection services, IConfiguration? configuration, Action<TelemetryOptions>? configure)
    {
        var registration = TelemetryRegistration.GetOrAdd(services);
        registration.Add(configure);
        TelemetryServices.AddFacade(services, registration);
        var enabled = registration.HasPipeline || registration.LooksEnabled(configuration);
        var builder = new TelemetryBuilder(services, enabled);
        if (!enabled || registration.HasPipeline) return builder;
        registration.HasPipeline = true;
        builder.AddPipeline();
        return builder;
    }

    /// <summary>
    /// The whole pipeline. Everything in it runs when the providers are built, with the final settings; where telemetry
    /// turns out to be off then, it adds nothing. What the application adds to the providers comes in between: after our sources,
    /// before our exporters.
    /// </summary>
    private void AddPipeline()
    {
        // Traces: sources -> sampler -> our span processors, tail sampling -> the application's processors -> store, OTLP, Zipkin
        this.WithTracing(traces => WhenBuilt(traces, (services, builder, settings) =>
        {
            if (!settings.Options.Traces.Enabled) return;
            builder.ConfigureResource(resource => TelemetryResource.Configure(resource, settings.Options));
            builder.AddSource("Microsoft.AspNetCore", "System.Net.Http", TracedAttribute.DefaultSource);
            builder.AddSource([.. OwnNames(settings), .. settings.Options.Traces.Sources]);
        }));
        BeforeApplication(services => services.ConfigureOpenTelemetryTracerProvider((provider, builder) => WhenEnabled(provider, settings =>
        {
            if (provider.GetRequiredService<TraceSampling>().Sampler is { } sampler) builder.SetSampler(sampler);
            if (SpanPipeline.IsNeeded(settings.Options.Traces)) builder.AddProcessor(provider.GetRequiredService<SpanPipeline>());
        })));
        ExportLast<TracerProvider>((services, settings, provider) =>
        {
            if (SpanPipeline.IsNeeded(settings.Options.Traces) && StartProcessors(services, settings, provider) is { } last) provider.AddProcessor(last);
            if (services.GetRequiredService<SpanStore>() is { Capacity: > 0 } store) provider.AddProcessor(new SpanStoreProcessor(store));
            if (settings.Options.Logs is { Enabled: true, SpanExceptions: true }) provider.AddProcessor(new SpanExceptionLogs(services));
            if (OtlpSignal.ForTraces(settings.Options) is { } otlp) provider.AddProcessor(OtlpPipeline.Traces(otlp, settings.Options.Otlp.TraceBatch, services.GetRequiredService<PipelineObserver>(), DeliveryOf(services, settings.Options.Otlp.Delivery)));
            if (ZipkinPipeline.IsOn(settings.Options)) provider.AddProcessor(ZipkinPipeline.Traces(settings.Options.Zipkin, services.GetRequiredService<PipelineObserver>(), DeliveryOf(services, settings.Options.Zipkin.Delivery)));
        });

        // Metrics of other libraries: meters -> views, rules -> pull reader (read model), OTLP.
        // Our own are read from their cells, and sent by a provider of their own.
        this.WithMetrics(metrics => WhenBuilt(metrics, (services, builder, settings) =>
        {
            if (!settings.Options.Metrics.Enabled) return;
            builder.ConfigureResource(resource => TelemetryResource.Configure(resource, settings.Options));
            builder.AddMeter([.. TelemetryMetricsOptions.DefaultMeters, .. OwnNames(settings), .. settings.Options.Metrics.Meters]);
            if (settings.WantsExemplars) builder.SetExemplarFilter(ExemplarFilterType.TraceBased);
            var processing = services.GetRequiredService<MeasurementProcessing>();
            builder.AddView(processing.View);
            if (settings.Options.Prometheus.Enabled || settings.Options.Exporters.Count > 0 || settings.Options.Alerts.Rules.Count > 0) builder.AddReader(services.GetRequiredService<SdkMetricSource>().Reader);
            if (OtlpSignal.ForMetrics(settings.Options) is { } otlp)
            {
                builder.AddReader(OtlpPipeline.OtherMetrics(otlp, settings.Options.Otlp, processing.Owns, services.GetRequiredService<PipelineObserver>(), DeliveryOf(services, settings.Options.Otlp.Delivery)));
            }
        }));

        // Logs: ILogger -> our log processors -> the application's processors -> store, sinks, OTLP
        this.WithLogging(logs => WhenBuilt(logs, (services, builder, settings) =>
            builder.ConfigureResource(resource => TelemetryResource.Configure(resource, settings.Options))));
        BeforeApplication(services => services.ConfigureOpenTelemetryLoggerProvider((provider, builder) => WhenEnabled(provider, settings =>
        {
            if (LogPipeline.IsNeeded(settings.Options.Logs)) builder.AddProcessor(provider.GetRequiredService<LogPipeline>());
            else if (settings.Options.Logs is { Enabled: true, SpanExceptions: true }) builder.AddProcessor(SpanExceptionLogs.CreateIds());
        })));
        Services.AddSingleton<ILoggerProvider, ScopeShield>();
        Services.AddOptions<OpenTelemetryLoggerOptions>().Configure<TelemetrySettings>((logger, settings) =>
        {
            logger.IncludeScopes = settings.Options.Logs.IncludeScopes;
            logger.IncludeFormattedMessage = settings.Options.Logs.IncludeFormattedMessage;
            logger.ParseStateValues = true;
        });
        Services.AddOptions<LoggerFilterOptions>().Configure<TelemetrySettings>((filter, settings) =>
        {
            filter.Rules.Add(new LoggerFilterRule(typeof(ScopeShield).FullName, null, LogLevel.None, null));
            if (settings.Options is { Enabled: true, Logs.Enabled: true }) return;
            filter.Rules.Add(new LoggerFilterRule(typeof(OpenTelemetryLoggerProvider).FullName, null, LogLevel.None, null));
        });
        Services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(services => services.GetRequiredService<LiveLogLevels>());
        Services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(services => new LogLevelRules(services.GetRequiredService<LiveLogLevels>()));
        ExportLast<LoggerProvider>((services, settings, provider) =>
        {
            if (LogPipeline.IsNeeded(settings.Options.Logs) && StartProcessors(services, settings, provider) is { } last) provider.AddProcessor(last);
            if (services.GetRequiredService<LogStore>() is { Capacity: > 0 } store) provider.AddProcessor(new LogStoreProcessor(store));
            if (settings.Options.Logs.Enabled) AddSinks(services, settings, provider);
            if (OtlpSignal.ForLogs(settings.Options) is { } otlp) provider.AddProcessor(OtlpPipeline.Logs(otlp, settings.Options.Otlp.LogBatch, services.GetRequiredService<PipelineObserver>(), DeliveryOf(services, settings.Options.Otlp.Delivery)));
        });

        // Trace context: ASP.NET Core asks the container for it, HttpClient the process (see TelemetryManager).
        TelemetryServices.AddPropagation(Services);

        // First of all hosted services to start, last to stop.
        Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, TelemetryHostedService>());
    }

    private static BaseProcessor<Activity>? StartProcessors(IServiceProvider services, TelemetrySettings settings, TracerProvider provider)
    {
        var pipeline = services.GetRequiredService<SpanPipeline>();
        if (pipeline.Tail is { } tail) services.GetRequiredService<TraceSampling>().Follow(tail);
        return pipeline.Start(settings.Options.Traces.Processors, new SpanProcessorContext(
            services,
            provider.GetResource().Attributes.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
            services.GetService<TimeProvider>() ?? TimeProvider.System));
    }

    private static BaseProcessor<LogRecord>? StartProcessors(IServiceProvider services, TelemetrySettings settings, LoggerProvider provider) =>
        services.GetRequiredService<LogPipeline>().Start(settings.Options.Logs, new LogProcessorContext(
            services,
            provider.GetResource().Attributes.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
            services.GetService<TimeProvider>() ?? TimeProvider.System));

    private static void AddSinks(IServiceProvider services, TelemetrySettings settings, LoggerProvider provider)
    {
        var resource = provider.GetResource().Attributes.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        foreach (var (name, options) in settings.Options.Logs.Sinks)
        {
            var context = new LogSinkContext(name, services, resource, time) { Delivery = services.GetRequiredService<DeliveryMonitor>() };
            provider.AddProcessor(new LogSinkProcessor(name, options, options.Create(context)));
        }
    }

    /// <summary>Puts what configures a provider before everything the application configures, wherever it stands in the program.</summary>
    private void BeforeApplication(Action<IServiceCollection> add)
    {
        var ours = new ServiceCollection();
        add(ours);
        for (var i = 0; i < ours.Count; i++) Services.Insert(i, ours[i]);
    }

    /// <summary>Defers to the moment the provider is built, when the settings are final.</summary>
    private static void WhenBuilt(TracerProviderBuilder builder, Action<IServiceProvider, TracerProviderBuilder, TelemetrySettings> configure) =>
        ((IDeferredTracerProviderBuilder)builder).Configure((services, deferred) => WhenEnabled(services, settings => configure(services, deferred, settings)));

    private static void WhenBuilt(MeterProviderBuilder builder, Action<IServiceProvider, MeterProviderBuilder, TelemetrySettings> configure) =>
        ((IDeferredMeterProviderBuilder)builder).Configure((services, deferred) => WhenEnabled(services, settings => configure(services, deferred, settings)));

    private static void WhenBuilt(LoggerProviderBuilder builder, Action<IServiceProvider, LoggerProviderBuilder, TelemetrySettings> configure) =>
        ((IDeferredLoggerProviderBuilder)builder).Configure((services, deferred) => WhenEnabled(services, settings => configure(services, deferred, settings)));

    /// <summary>Adds to a provider that is complete: exporters come after every processor of the application, whenever it was registered.</summary>
    private void ExportLast<TProvider>(Action<IServiceProvider, TelemetrySettings, TProvider> addExporters)
        where TProvider : class
    {
        var registered = Services.Last(service => service.ServiceType == typeof(TProvider));
        var create = registered.ImplementationFactory ?? throw new InvalidOperationException($"{typeof(TProvider).Name} is registered in a way this library does not know.");
        Services.Replace(ServiceDescriptor.Singleton(services =>
        {
            var provider = (TProvider)create(services);
            WhenEnabled(services, settings => addExporters(services, settings, provider));
            return provider;
        }));
    }

    /// <summary>What delivers the requests of an exporter; null when it is to send them itself.</summary>
    internal static DeliveryMonitor? DeliveryOf(IServiceProvider services, DestinationOptions own)
    {
        var delivery = services.GetRequiredService<DeliveryMonitor>();
        return own.Over(delivery.Options).Enabled ? delivery : null;
    }

    private static void WhenEnabled(IServiceProvider services, Action<TelemetrySettings> action)
    {
        var settings = services.GetRequiredService<TelemetrySettings>();
        if (settings.Options.Enabled) action(settings);
    }

    private static IEnumerable<string> OwnNames(TelemetrySettings settings) => settings.ApplicationNames.SelectMany(name => new[] { name, name + ".*" });
}
