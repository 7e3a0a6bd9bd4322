using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Otlp;

namespace OtelTelemetry.Tests.Hosting;

public class HostingTests
{
    [Test]
    public void Calling_it_twice_adds_the_settings_together()
    {
        var builder = Builder();
        builder.AddPepperTelemetry(options => options.ServiceName = "one");
        builder.AddPepperTelemetry(options => { options.ServiceName += "-two"; options.Metrics.Namespace = "shop"; });
        using var host = builder.Build();

        Assert.That(host.Services.GetRequiredService<TelemetryOptions>().ServiceName, Is.EqualTo("one-two"));
        Assert.That(host.Services.GetRequiredService<MetricsCollector>().Namespace, Is.EqualTo("shop"));
        Assert.That(builder.Services.Count(service => service.ServiceType == typeof(IHostedService)), Is.EqualTo(1));
        Assert.That(builder.Services.Count(service => service.ServiceType == typeof(MeterProvider)), Is.EqualTo(1));
    }

    [Test]
    public async Task It_starts_before_and_ends_after_every_other_hosted_service()
    {
        var name = "order" + Guid.NewGuid().ToString("N");
        var spans = new Ended();
        var builder = Builder();
        builder.Services.AddHostedService(_ => new Working(name));
        builder.AddPepperTelemetry().AddSource(name).WithTracing(traces => traces.AddProcessor(spans));
        using var host = builder.Build();

        await host.StartAsync();
        await host.StopAsync();

        Assert.That(spans.Names, Is.EqualTo(new[] { "start", "stop" }));
        Assert.That(spans.WasShutDown, Is.True);
    }

    [Test]
    public async Task The_application_s_own_configuration_of_OpenTelemetry_joins_in_the_same_providers([Values] bool before)
    {
        var name = "joins" + Guid.NewGuid().ToString("N");
        var spans = new Ended();
        var logs = new Logged();
        var exported = new Numbers();
        var builder = Builder();
        if (before) Own();
        builder.AddPepperTelemetry();
        if (!before) Own();
        using var host = builder.Build();
        await host.StartAsync();
        using var meter = new Meter(name);
        meter.CreateCounter<long>("dropped_by_a_view").Add(1);
        meter.CreateCounter<long>("kept").Add(1);
        using var source = new ActivitySource(name);
        source.StartActivity("span")!.Dispose();
        host.Services.GetRequiredService<ILogger<HostingTests>>().LogInformation("hello {Name}", "you");

        await host.StopAsync();

        Assert.That(spans.Names, Is.EqualTo(new[] { "span" }));
        Assert.That(logs.Messages, Is.EqualTo(new[] { "hello you" }));
        Assert.That(exported.Names, Has.Exactly(1).EqualTo("kept").And.None.EqualTo("dropped_by_a_view"));
        Assert.That(host.Services.GetServices<TracerProvider>().Count(), Is.EqualTo(1));
        Assert.That(host.Services.GetServices<ILoggerProvider>().OfType<OpenTelemetryLoggerProvider>().Count(), Is.EqualTo(1));

        void Own()
        {
            IOpenTelemetryBuilder own = new OwnBuilder(builder.Services);
            own.WithTracing(traces => traces.AddSource(name).AddProcessor(spans));
            own.WithLogging(logging => logging.AddProcessor(logs));
            own.WithMetrics(metrics => metrics.AddMeter(name)
                .AddView("dropped_by_a_view", MetricStreamConfiguration.Drop)
                .AddReader(new BaseExportingMetricReader(exported)));
        }
    }

    [Test]
    public async Task A_processor_of_the_application_comes_before_the_exporter_whenever_it_is_added()
    {
        using var receiver = new LoopbackReceiver();
        var name = "filter" + Guid.NewGuid().ToString("N");
        var builder = Builder(("Telemetry:Otlp:Endpoint", receiver.Address.ToString()), ("Telemetry:Otlp:Protocol", "http/protobuf"));
        builder.AddPepperTelemetry().AddSource(name).WithTracing(traces => traces.AddProcessor(new DropsSecrets()));
        using var host = builder.Build();
        await host.StartAsync();
        using var source = new ActivitySource(name);
        source.StartActivity("secret")!.Dispose();
        source.StartActivity("public")!.Dispose();

        await host.StopAsync();

        Assert.That(receiver.Count("/v1/traces", "public"), Is.EqualTo(1));
        Assert.That(receiver.Count("/v1/traces", "secret"), Is.Zero);
    }

    [Test]
    public async Task An_application_that_sends_OTLP_itself_sends_nothing_twice([Values("use", "add")] string how)
    {
        using var receiver = new LoopbackReceiver();
        var name = "twice" + Guid.NewGuid().ToString("N");
        var builder = Builder(("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address.ToString()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        var telemetry = builder.AddPepperTelemetry().AddSource(name);
        if (how == "use") telemetry.UseOtlpExporter();
        else telemetry.WithTracing(traces => traces.AddOtlpExporter());
        using var host = builder.Build();
        await host.StartAsync();
        using var source = new ActivitySource(name);
        source.StartActivity("only once")!.Dispose();

        await host.StopAsync();
        host.Services.GetRequiredService<TracerProvider>().Dispose();

        Assert.That(receiver.Count("/v1/traces", "only once"), Is.EqualTo(1));
    }

    [Test]
    public async Task Logs_can_be_switched_off_alone()
    {
        var logs = new Logged();
        var builder = Builder(("Telemetry:Logs:Enabled", "false"));
        builder.AddPepperTelemetry().WithLogging(logging => logging.AddProcessor(logs));
        using var host = builder.Build();

        var logger = host.Services.GetRequiredService<ILogger<HostingTests>>();
        logger.LogInformation("hello");

        Assert.That(logger.IsEnabled(LogLevel.Critical), Is.False);
        Assert.That(logs.Messages, Is.Empty);
        await host.StopAsync();
    }

    [Test]
    public async Task A_processor_that_hangs_or_throws_at_the_end_does_not_hold_up_the_stop()
    {
        using var never = new ManualResetEventSlim();
        var builder = Builder(("Telemetry:ShutdownTimeout", "200ms"));
        builder.AddPepperTelemetry()
            .WithTracing(traces => traces.AddProcessor(new EndsWith<Activity>(() => never.Wait(TimeSpan.FromSeconds(10)))))
            .WithLogging(logging => logging.AddProcessor(new EndsWith<LogRecord>(() => throw new InvalidOperationException("broken"))))
            .WithMetrics(metrics => metrics.AddReader(new BaseExportingMetricReader(new Numbers())));
        using var host = builder.Build();
        await host.StartAsync();

        var clock = Stopwatch.StartNew();
        await host.StopAsync();

        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(2)));
        never.Set();
    }

    [Test]
    public async Task Disabled_it_leaves_nothing_but_a_facade_that_works_in_memory([Values] bool inCode)
    {
        var name = "off" + Guid.NewGuid().ToString("N");
        var spans = new Ended();
        var builder = Builder(("Telemetry:Enabled", inCode ? "true" : "false"));
        var before = builder.Services.Count;
        builder.AddPepperTelemetry(options => options.Enabled &= !inCode)
            .AddSource(name).AddMeter(name)
            .WithTracing(traces => traces.AddProcessor(spans))
            .WithLogging();
        using var host = builder.Build();
        await host.StartAsync();
        using var source = new ActivitySource(name);
        using var meter = new Meter(name);
        var counter = host.Services.GetRequiredService<MetricsCollector>().CreateCounter("off_total");
        counter.Inc(2);

        Assert.That(counter.Get(), Is.EqualTo(2));
        Assert.That(source.HasListeners(), Is.False);
        Assert.That(meter.CreateCounter<long>("any").Enabled, Is.False);
        Assert.That(builder.Services.Count(service => service.ServiceType == typeof(IHostedService)), Is.Zero);
        Assert.That(builder.Services.Any(service => service.ServiceType == typeof(TracerProvider) || service.ServiceType == typeof(ILoggerProvider)), Is.False);
        var manager = host.Services.GetRequiredService<TelemetryManager>();
        Assert.That(await manager.FlushAsync(), Is.True);
        Assert.That(builder.Services, Has.Count.GreaterThan(before));
        await host.StopAsync();
    }

    [Test]
    public async Task Disabled_after_the_registration_nothing_listens_either()
    {
        var name = "late" + Guid.NewGuid().ToString("N");
        var builder = Builder();
        builder.AddPepperTelemetry(options => options.Metrics.Meters.Add(name));
        builder.Configuration.AddInMemoryCollection([new("Telemetry:Enabled", "false")]);
        using var host = builder.Build();
        await host.StartAsync();
        using var meter = new Meter(name);

        Assert.That(meter.CreateCounter<long>("any").Enabled, Is.False);
        await host.StopAsync();
    }

    [Test]
    public void Bad_configuration_stops_the_start()
    {
        var builder = Builder(("Telemetry:Otlp:Protocol", "http/json"), ("OTEL_BSP_SCHEDULE_DELAY", "soon"));
        builder.AddPepperTelemetry();

        var error = Assert.ThrowsAsync<TelemetryConfigurationException>(async () =>
        {
            using var host = builder.Build();
            await host.StartAsync();
        });
        Assert.That(error!.Errors, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_program_without_a_host_has_the_same_pipeline()
    {
        var name = "hostless" + Guid.NewGuid().ToString("N");
        using var meter = new Meter(name);
        var library = meter.CreateCounter<long>("library_total");
        await using (var telemetry = await TelemetryManager.StartAsync(options => { options.ServiceName = name; options.Environment = "test"; }))
        {
            library.Add(5);
            telemetry.Metrics.CreateCounter("own_total").Inc(7);

            using var collection = telemetry.ReadModel.Collect();

            Assert.That(collection.Families.Select(family => family.Descriptor.Name), Has.Exactly(1).EqualTo("library_total").And.Exactly(1).EqualTo("own_total"));
            Assert.That(telemetry.Options.Environment, Is.EqualTo("test"));
        }

        Assert.That(library.Enabled, Is.False, "Disposal ends the listening.");
    }

    [Test]
    public async Task Options_made_by_the_program_beat_the_configuration()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("OTEL_SERVICE_NAME", "bound"), new("Telemetry:Environment", "bound")]).Build();
        await using var telemetry = await TelemetryManager.StartAsync(new TelemetryOptions { ServiceName = "coded" }, configuration);

        Assert.That((telemetry.Options.ServiceName, telemetry.Options.Environment), Is.EqualTo(("coded", "bound")));
    }

    [Test]
    public void A_program_without_a_host_is_told_every_error() =>
        Assert.That(
            async () => await TelemetryManager.StartAsync(options => { options.ShutdownTimeout = TimeSpan.Zero; options.Otlp.Timeout = TimeSpan.Zero; }),
            Throws.TypeOf<TelemetryConfigurationException>().With.Message.Contains("2 errors"));

    [Test]
    public async Task Metrics_can_have_a_port_of_their_own()
    {
        var port = LoopbackReceiver.FreePort();
        await using var telemetry = await TelemetryManager.StartAsync(options => options.Prometheus.Port = port);
        telemetry.Metrics.CreateGauge("own_port_celsius").Set(21.5);
        using var client = new HttpClient();

        Assert.That(await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics")), Does.Contain("own_port_celsius 21.5\n"));

        await telemetry.ShutdownAsync();
        Assert.That(async () => await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics")), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task Sampling_by_rate_keeps_the_parent_s_decision()
    {
        var name = "sampled" + Guid.NewGuid().ToString("N");
        await using var telemetry = await TelemetryManager.StartAsync(options => { options.Traces.SamplingRate = 0; options.Traces.Sources.Add(name); });
        using var source = new ActivitySource(name);
        var parent = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);

        using (var root = source.StartActivity("root")) Assert.That(root?.Recorded, Is.Not.True);
        using (var child = source.StartActivity("child", ActivityKind.Server, parent)) Assert.That(child?.Recorded, Is.True);
    }

    [Test]
    public async Task The_chosen_propagation_is_the_process_s_while_it_runs()
    {
        var before = DistributedContextPropagator.Current;
        await using (var telemetry = await TelemetryManager.StartAsync(options => { options.Propagators.Clear(); options.Propagators.Add("b3"); }))
        {
            Assert.That(DistributedContextPropagator.Current.Fields, Is.EqualTo(new[] { "b3" }));
        }

        Assert.That(DistributedContextPropagator.Current, Is.SameAs(before));
    }

    [Test]
    public async Task Warnings_are_logged_at_the_start()
    {
        var log = new CapturingLogs();
        var builder = Builder(("Telemetry:Oltp", "x"));
        builder.Services.AddSingleton<ILoggerProvider>(log);
        builder.AddPepperTelemetry();
        using var host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();

        Assert.That(log.Messages, Has.Exactly(1).Contains("did you mean Telemetry:Otlp?"));
    }

    private static HostApplicationBuilder Builder(params (string Key, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        return builder;
    }

    private sealed class OwnBuilder(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services => services;
    }

    private sealed class Ended : BaseProcessor<Activity>
    {
        private readonly ConcurrentQueue<string> _names = new();

        public IReadOnlyList<string> Names => [.. _names];

        public bool WasShutDown { get; private set; }

        public override void OnEnd(Activity data) => _names.Enqueue(data.DisplayName);

        protected override bool OnShutdown(int timeoutMilliseconds) => WasShutDown = true;
    }

    private sealed class EndsWith<T>(Action end) : BaseProcessor<T>
    {
        protected override bool OnShutdown(int timeoutMilliseconds)
        {
            end();
            return true;
        }
    }

    private sealed class DropsSecrets : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.DisplayName == "secret") data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    private sealed class Logged : BaseProcessor<LogRecord>
    {
        private readonly ConcurrentQueue<string> _messages = new();

        public IReadOnlyList<string> Messages => [.. _messages];

        public override void OnEnd(LogRecord data)
        {
            if (data.CategoryName!.StartsWith("OtelTelemetry.Tests", StringComparison.Ordinal)) _messages.Enqueue(data.FormattedMessage!);
        }
    }

    private sealed class Numbers : BaseExporter<Metric>
    {
        private readonly ConcurrentQueue<string> _names = new();

        public IReadOnlyList<string> Names => [.. _names];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch) _names.Enqueue(metric.Name);
            return ExportResult.Success;
        }
    }

    private sealed class Working(string name) : IHostedService
    {
        private readonly ActivitySource _source = new(name);

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _source.StartActivity("start")?.Dispose();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _source.StartActivity("stop")?.Dispose();
            return Task.CompletedTask;
        }
    }

    private sealed class CapturingLogs : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _messages = new();

        public IReadOnlyList<string> Messages => [.. _messages];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _messages.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
