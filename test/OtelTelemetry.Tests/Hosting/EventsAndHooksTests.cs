using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OtelTelemetry.Collectors;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Events;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Hooks;
using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Otlp;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Hosting;

/// <summary>Events, hooks, self metrics and the log of errors in a running application.</summary>
public class EventsAndHooksTests
{
    private string _name = null!;

    [SetUp]
    public void Name() => _name = "x" + Guid.NewGuid().ToString("N");

    [Test]
    public async Task An_event_is_a_log_record_with_its_name_attributes_and_trace()
    {
        var records = new Records();
        var builder = Builder();
        builder.AddPepperTelemetry().WithLogging(logs => logs.AddProcessor(records));
        using var host = builder.Build();
        await host.StartAsync();
        var metrics = host.Services.GetRequiredService<MetricsCollector>();
        using var span = new Activity("login").SetIdFormat(ActivityIdFormat.W3C).Start();

        metrics.RecordEvent(
            "user_login",
            new Dictionary<string, object?> { ["user_id"] = "12345", ["source"] = "value's", ["attempts"] = 2 },
            MetricTags.Of(("source", "web")),
            new Dictionary<string, object?> { ["build"] = 7 });
        metrics.RecordEvent("temperature", 21.5);
        await host.StopAsync();

        var (category, id, attributes, message, traceId, spanId) = records.All[0];
        Assert.That(category, Is.EqualTo("OtelTelemetry.Events"));
        Assert.That(id.Name, Is.EqualTo("user_login"));
        Assert.That(attributes, Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["event.name"] = "user_login", ["source"] = "web", ["user_id"] = "12345", ["value.source"] = "value's", ["attempts"] = 2, ["metadata.build"] = 7, ["{OriginalFormat}"] = "user_login",
        }));
        Assert.That(message, Is.EqualTo("user_login source=web user_id=12345 value.source=value's attempts=2 metadata.build=7"));
        Assert.That((traceId, spanId), Is.EqualTo((span.TraceId, span.SpanId)));
        Assert.That(records.All[1].Attributes["value"], Is.EqualTo(21.5));
    }

    [Test]
    public async Task Log_records_of_events_can_be_switched_off()
    {
        var records = new Records();
        var builder = Builder(("Telemetry:Events:LogRecords", "false"));
        builder.AddPepperTelemetry().WithLogging(logs => logs.AddProcessor(records));
        using var host = builder.Build();
        await host.StartAsync();
        host.Services.GetRequiredService<MetricsCollector>().RecordEvent("user_login");
        await host.StopAsync();

        Assert.That(records.All, Is.Empty);
        Assert.That(host.Services.GetRequiredService<TelemetryEvents>().Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Events_arrive_by_OTLP_with_their_trace()
    {
        using var receiver = new LoopbackReceiver();
        var builder = Builder(("Telemetry:Otlp:Endpoint", receiver.Address.ToString()), ("Telemetry:Otlp:Protocol", "http/protobuf"), ("Telemetry:ServiceName", _name));
        builder.AddPepperTelemetry();
        using var host = builder.Build();
        await host.StartAsync();
        using var span = new Activity("login").SetIdFormat(ActivityIdFormat.W3C).Start();
        host.Services.GetRequiredService<MetricsCollector>().RecordEvent("user_login", null, ("source", "the web page"));
        await host.StopAsync();

        var logs = receiver.Deliveries.Where(delivery => delivery.Path == "/v1/logs").Select(delivery => Convert.ToHexString(delivery.Body)).ToArray();
        Assert.That(receiver.Count("/v1/logs", "the web page"), Is.GreaterThan(0));
        Assert.That(receiver.Count("/v1/logs", "event.name"), Is.EqualTo(1));
        Assert.That(receiver.Count("/v1/logs", _name), Is.GreaterThan(0), "the resource");
        Assert.That(logs, Has.Some.Contains(span.TraceId.ToHexString().ToUpperInvariant()));
    }

    [Test]
    public async Task An_application_has_the_settings_of_its_events_and_those_of_the_process_wide_registry()
    {
        var heard = new ConcurrentQueue<string>();
        var builder = Builder(("Telemetry:Events:MaxEvents", "2"), ("Telemetry:Events:Retention", "5m"));
        builder.AddPepperTelemetry().AddHooks(hooks => hooks.OnEvent(one => heard.Enqueue(one.Name), new HookOptions { Name = _name }));
        using var host = builder.Build();
        await host.StartAsync();
        using var shared = new MetricsCollector(_name);
        shared.RecordEvent("shared");
        for (var i = 0; i < 2; i++) host.Services.GetRequiredService<MetricsCollector>().RecordEvent("own");
        var telemetry = host.Services.GetRequiredService<TelemetryManager>();

        Assert.That(telemetry.Events.GetEvents().Select(one => one.Name), Is.EqualTo(new[] { "own", "own" }));
        Assert.That(MetricsRegistry.Default.Events.GetEvents(new EventQuery { Name = "shared" }), Is.Not.Empty);
        await host.StopAsync();
        shared.RecordEvent("after the end");
        Assert.That(heard, Is.EqualTo(new[] { "shared", "own", "own" }), "the stop lets hooks see what is left");
        Assert.That(telemetry.Events.GetEvents().Select(one => one.Name), Has.None.EqualTo("after the end"));
    }

    [Test]
    public async Task Hooks_hear_records_of_the_application_and_of_the_process_wide_registry_and_services_are_at_hand()
    {
        var heard = new ConcurrentQueue<string>();
        var builder = Builder();
        builder.AddPepperTelemetry().AddHooks((services, hooks) =>
        {
            var service = services.GetRequiredService<TelemetryOptions>().ServiceName;
            hooks.OnRecord(metric => heard.Enqueue($"{service} {metric.Name}"), new HookOptions { Name = _name });
        });
        using var host = builder.Build();
        host.Services.GetRequiredService<TelemetryOptions>().ServiceName = "shop";
        await host.StartAsync();
        using var shared = new MetricsCollector(_name);
        shared.Record("shared_total", 1);
        host.Services.GetRequiredService<MetricsCollector>().Record("own_total", 1);
        await host.StopAsync();
        shared.Record("shared_total", 1);

        Assert.That(heard, Is.EqualTo(new[] { "shop shared_total", "shop own_total" }));
    }

    [Test]
    public async Task A_hook_that_hangs_does_not_hold_up_the_stop()
    {
        using var release = new ManualResetEventSlim();
        var builder = Builder(("Telemetry:ShutdownTimeout", "200ms"));
        builder.AddPepperTelemetry().AddHooks(hooks => hooks.OnEvent(_ => release.Wait(), new HookOptions { Name = _name }));
        using var host = builder.Build();
        await host.StartAsync();
        for (var i = 0; i < 5; i++) host.Services.GetRequiredService<MetricsCollector>().RecordEvent("one");

        var stopping = Stopwatch.StartNew();
        await host.StopAsync();

        Assert.That(stopping.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
        Assert.That(TelemetryLosses.Counted("hooks", "hook_" + _name, "stopped"), Is.EqualTo(4));
        release.Set();
    }

    [Test]
    public async Task A_scrape_has_the_self_metrics_and_hooks_hear_of_it()
    {
        var collections = new ConcurrentQueue<CollectionInfo>();
        var exports = new ConcurrentQueue<ExportInfo>();
        var builder = Builder();
        builder.AddPepperTelemetry().AddHooks(hooks =>
        {
            hooks.OnCollect(collections.Enqueue, new HookOptions { Name = _name });
            hooks.OnExport(exports.Enqueue, new HookOptions { Name = _name });
        });
        using var host = builder.Build();
        await host.StartAsync();
        var telemetry = host.Services.GetRequiredService<TelemetryManager>();
        telemetry.Metrics.RecordEvent(_name);
        var before = telemetry.ReadModel.Collect();
        before.Dispose();

        var text = await Scrape(host.Services);
        await telemetry.Hooks.FlushAsync();

        Assert.That(text, Does.Contain("\ntelemetry_collection_runs_total 2\n"));
        Assert.That(text, Does.Match("\ntelemetry_collection_duration_seconds [0-9.eE-]+\n"));
        var registered = host.Services.GetRequiredService<MetricsRegistry>().Metrics.Count + MetricsRegistry.Default.Metrics.Count;
        Assert.That(text, Does.Contain($"\ntelemetry_metrics_count {registered}\n"));
        Assert.That(text, Does.Contain($"\ntelemetry_events_total{{event=\"{_name}\"}} 1\n"));
        Assert.That(text, Does.Contain($"\ntelemetry_hook_runs_total{{hook=\"{_name}\",result=\"ok\"}} "));
        Assert.That(collections, Has.Count.EqualTo(2));
        Assert.That(collections.Select(one => one.Families), Is.All.GreaterThan(5));
        Assert.That(collections.Select(one => one.FailedSources), Is.All.Zero);
        var export = exports.Single();
        Assert.That((export.Component, export.Success, export.Bytes), Is.EqualTo(("prometheus", true, (long?)Encoding.UTF8.GetByteCount(text))));
        await host.StopAsync();
    }

    [Test]
    public async Task A_scrape_that_is_given_up_is_a_failed_export_and_an_error()
    {
        var exports = new ConcurrentQueue<ExportInfo>();
        var errors = new ConcurrentQueue<TelemetryError>();
        var builder = Builder();
        builder.AddPepperTelemetry().AddHooks(hooks =>
        {
            hooks.OnExport(exports.Enqueue, new HookOptions { Name = _name });
            hooks.OnError(errors.Enqueue, new HookOptions { Name = _name });
        });
        using var host = builder.Build();
        await host.StartAsync();
        var handler = host.Services.GetRequiredService<PrometheusScrapeHandler>();

        Assert.ThrowsAsync<IOException>(() => handler.WriteAsync(new BrokenStream(), handler.Negotiate(null)));
        await host.StopAsync();

        Assert.That(exports.Select(export => (export.Component, export.Success)), Is.EqualTo(new[] { ("prometheus", false) }));
        Assert.That(errors.Where(error => error.Component == "prometheus").Select(error => error.Exception!.Message), Has.Some.EqualTo("gone"));
    }

    [Test]
    public async Task Hooks_hear_what_OTLP_sends_and_a_collection_for_it_is_counted()
    {
        using var receiver = new LoopbackReceiver();
        var exports = new ConcurrentQueue<ExportInfo>();
        var collections = new ConcurrentQueue<CollectionInfo>();
        var builder = Builder(("Telemetry:Otlp:Endpoint", receiver.Address.ToString()), ("Telemetry:Otlp:Protocol", "http/protobuf"), ("Telemetry:Prometheus:Enabled", "false"));
        builder.AddPepperTelemetry().AddSource(_name).AddHooks(hooks =>
        {
            hooks.OnExport(exports.Enqueue, new HookOptions { Name = _name });
            hooks.OnCollect(collections.Enqueue, new HookOptions { Name = _name });
        });
        using var host = builder.Build();
        await host.StartAsync();
        using var source = new ActivitySource(_name);
        for (var i = 0; i < 3; i++) source.StartActivity("work")!.Dispose();
        host.Services.GetRequiredService<ILogger<EventsAndHooksTests>>().LogInformation("hello");
        await host.StopAsync();

        Assert.That(exports.Select(export => export.Success), Is.All.True);
        Assert.That(exports.Where(export => export.Component == "otlp_traces").Sum(export => export.Items), Is.EqualTo(3));
        Assert.That(exports.Where(export => export.Component == "otlp_logs").Sum(export => export.Items), Is.GreaterThan(0));
        Assert.That(exports.Where(export => export.Component == "otlp_metrics").Sum(export => export.Items), Is.GreaterThan(3));
        Assert.That(collections, Has.Count.EqualTo(1));
        Assert.That(collections.Single().Families, Is.GreaterThan(3));
        var runs = (Counter)host.Services.GetRequiredService<MetricsRegistry>().Find("telemetry", "telemetry_collection_runs_total")!;
        Assert.That(runs.Get(), Is.EqualTo(1));
    }

    [Test]
    public async Task Hooks_hear_what_a_periodic_exporter_exports([Values] bool fails)
    {
        var exports = new ConcurrentQueue<ExportInfo>();
        var builder = Builder();
        builder.AddPepperTelemetry().AddHooks(hooks => hooks.OnExport(exports.Enqueue, new HookOptions { Name = _name }));
        using var host = builder.Build();
        await host.StartAsync();
        var telemetry = host.Services.GetRequiredService<TelemetryManager>();
        await using var periodic = new PeriodicExporter(new FixedExporter(_name, fails ? MetricsExportResult.Failure("no") : MetricsExportResult.Success(5, 70)), telemetry.ReadModel);

        await periodic.ExportNowAsync();
        await telemetry.Hooks.FlushAsync();

        Assert.That(exports.Select(one => (one.Component, one.Items, one.Bytes, one.Success)), Is.EqualTo(new[] { (_name, fails ? 0L : 5, fails ? null : (long?)70, !fails) }));
    }

    [Test]
    public async Task What_OTLP_could_not_send_is_counted_and_told_loudly_once()
    {
        var log = new LogLines();
        var exports = new ConcurrentQueue<ExportInfo>();
        var port = LoopbackReceiver.FreePort();
        var builder = Builder(
            ("Telemetry:Otlp:Endpoint", $"http://user:secret@127.0.0.1:{port}"), ("Telemetry:Otlp:Protocol", "http/protobuf"), ("Telemetry:Delivery:Enabled", "false"));
        builder.Services.AddSingleton<ILoggerProvider>(log);
        builder.AddPepperTelemetry().AddSource(_name).AddHooks(hooks => hooks.OnExport(exports.Enqueue, new HookOptions { Name = _name }));
        using var host = builder.Build();
        await host.StartAsync();
        var lost = TelemetryLosses.Counted("traces", "otlp_traces", "export_failed");
        using var source = new ActivitySource(_name);
        for (var i = 0; i < 2; i++)
        {
            source.StartActivity("work")!.Dispose();
            await host.Services.GetRequiredService<TelemetryManager>().FlushAsync();
        }

        await host.StopAsync();

        Assert.That(TelemetryLosses.Counted("traces", "otlp_traces", "export_failed") - lost, Is.EqualTo(2));
        Assert.That(exports.Where(export => export.Component == "otlp_traces").Select(export => (export.Items, export.Success)), Is.EqualTo(new[] { (1L, false), (1L, false) }));
        var lines = log.Lines.Where(line => line.Text.Contains("otlp_traces", StringComparison.Ordinal)).ToArray();
        Assert.That(lines.Select(line => line.Level), Is.EqualTo(new[] { LogLevel.Warning, LogLevel.Debug }));
        Assert.That(lines[0].Text, Does.Contain($"http://127.0.0.1:{port}/v1/traces").And.Contain("Check that an OTLP receiver listens there").And.Not.Contain("secret"));
    }

    [Test]
    public async Task A_metric_operation_that_fails_is_logged_and_harms_nothing()
    {
        var log = new LogLines();
        var builder = Builder();
        builder.Services.AddSingleton<ILoggerProvider>(log);
        builder.AddPepperTelemetry();
        using var host = builder.Build();
        await host.StartAsync();
        var metrics = host.Services.GetRequiredService<MetricsCollector>();
        var counter = metrics.CreateCounter(_name + "_total", "", "status");
        for (var i = 0; i < 10; i++) counter.Inc(-1, "ok");
        metrics.Record(_name + "_total", 1, ("colour", "red"));
        await host.StopAsync();

        var lines = log.Lines.Where(line => line.Text.Contains(_name, StringComparison.Ordinal)).ToArray();
        Assert.That(lines.Select(line => line.Level), Is.EqualTo(new[] { LogLevel.Warning, LogLevel.Debug }));
        Assert.That(lines[0].Text, Does.Contain("negative_increment").And.Contain("use a gauge"));
    }

    [Test]
    public void An_observed_scrape_in_steady_state_allocates_next_to_nothing([Values] bool withHooks)
    {
        var registry = new MetricsRegistry();
        using var metrics = new MetricsCollector(new MetricsCollectorOptions { Registry = registry, MeterName = _name });
        var counter = metrics.CreateCounter("things", "", "path");
        for (var i = 0; i < 1000; i++) counter.Inc("/" + i);
        var handler = new PrometheusScrapeHandler(
            new MetricReadModel(registry) { Observer = new PipelineObserver(registry, [registry], TimeProvider.System) }, new PrometheusExporterOptions());
        using var release = new ManualResetEventSlim();
        if (withHooks)
        {
            registry.Hooks.OnCollect(_ => release.Wait(), new HookOptions { Name = _name, QueueCapacity = 16 });
            registry.Hooks.OnExport(_ => release.Wait(), new HookOptions { Name = _name, QueueCapacity = 16 });
        }

        for (var i = 0; i < 40; i++) Write();
        var allocated = Enumerable.Range(0, 5).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Write();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        release.Set();

        Assert.That(allocated, Is.LessThanOrEqualTo(1024));

        void Write() => handler.WriteAsync(Stream.Null, handler.Negotiate(null)).GetAwaiter().GetResult();
    }

    [Test]
    public void Wrong_settings_of_events_are_told_with_the_others()
    {
        var builder = Builder(("Telemetry:Events:MaxEvents", "0"), ("Telemetry:Events:Retention", "0s"));
        builder.AddPepperTelemetry();

        var error = Assert.Throws<TelemetryConfigurationException>(() => builder.Build().Dispose());

        Assert.That(error!.Message, Does.Contain("Telemetry:Events:MaxEvents: 0 is less than 1").And.Contain("Telemetry:Events:Retention"));
    }

    private static async Task<string> Scrape(IServiceProvider services)
    {
        var handler = services.GetRequiredService<PrometheusScrapeHandler>();
        using var text = new MemoryStream();
        await handler.WriteAsync(text, handler.Negotiate(null));
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static HostApplicationBuilder Builder(params (string Key, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Logging.SetMinimumLevel(LogLevel.Debug);
        return builder;
    }

    private sealed class FixedExporter(string name, MetricsExportResult result) : MetricsExporter(name)
    {
        public override ValueTask<MetricsExportResult> ExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default) => ValueTask.FromResult(result);
    }

    private sealed record Line(LogLevel Level, string Text);

    private sealed class Records : BaseProcessor<LogRecord>
    {
        private readonly ConcurrentQueue<(string, EventId, Dictionary<string, object?>, string?, ActivityTraceId, ActivitySpanId)> _records = new();

        public IReadOnlyList<(string Category, EventId Id, Dictionary<string, object?> Attributes, string? Message, ActivityTraceId TraceId, ActivitySpanId SpanId)> All => [.. _records];

        public override void OnEnd(LogRecord data)
        {
            if (data.CategoryName != TelemetryEvents.LogCategory) return;
            _records.Enqueue((data.CategoryName, data.EventId, data.Attributes!.ToDictionary(), data.FormattedMessage, data.TraceId, data.SpanId));
        }
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<Line> _lines = new();

        public IReadOnlyList<Line> Lines => [.. _lines];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue(new Line(logLevel, formatter(state, exception)));

        public void Dispose()
        {
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("gone");
    }
}
