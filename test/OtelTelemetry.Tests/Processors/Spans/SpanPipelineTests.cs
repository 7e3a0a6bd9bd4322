using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Trace;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Processors.Spans;
using OtelTelemetry.Processors.Spans.Attributes;
using OtelTelemetry.Processors.Spans.Filter;
using OtelTelemetry.Processors.Spans.Redact;
using OtelTelemetry.Tests.Otlp;

namespace OtelTelemetry.Tests.Processors.Spans;

/// <summary>Span processors and tail sampling in the pipeline of an application: before whatever exports, wherever it was added.</summary>
[NonParallelizable]
public sealed class SpanPipelineTests
{
    private readonly string _name = "pipeline" + Guid.NewGuid().ToString("N");
    private ActivitySource _source = null!;
    private Exported _own = null!;

    [SetUp]
    public void MakeSource()
    {
        _source = new ActivitySource(_name);
        _own = new Exported();
    }

    [TearDown]
    public void EndSource()
    {
        _source.Dispose();
        _own.Dispose();
    }

    [Test]
    public async Task They_come_before_the_application_s_own_exporter_and_ours_wherever_that_is_added([Values] bool before)
    {
        using var receiver = new LoopbackReceiver();
        using var host = await Start(before, null, receiver, ("Telemetry:Traces:Processors:0:Type", "Redact"), ("Telemetry:Traces:Processors:0:Attributes", "*password*"));
        using (var span = _source.StartActivity("login")) span!.SetTag("user.Password", "correct horse").SetTag("user.name", "ann");

        await host.StopAsync();

        Assert.That(_own.Spans.Single().GetTagItem("user.Password"), Is.EqualTo("[redacted]"));
        Assert.That((receiver.Count("/v1/traces", "correct horse"), receiver.Count("/v1/traces", "[redacted]"), receiver.Count("/v1/traces", "ann")), Is.EqualTo((0, 1, 1)));
    }

    [Test]
    public async Task What_a_processor_of_the_application_adds_is_redacted_before_we_export_it()
    {
        using var receiver = new LoopbackReceiver();
        using var host = await Start(
            false, builder => builder.WithTracing(traces => traces.AddProcessor(new Adds("api.password", "correct horse"))), receiver, ("Telemetry:Traces:Processors:0:Type", "Redact"), ("Telemetry:Traces:Processors:0:Attributes", "*password*"));
        _source.StartActivity("login")!.Dispose();

        await host.StopAsync();

        Assert.That((receiver.Count("/v1/traces", "correct horse"), receiver.Count("/v1/traces", "api.password")), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task They_run_in_the_order_written_and_those_of_code_come_last()
    {
        using var host = await Start(
            false,
            builder => builder.AddSpanProcessor(_ => new Appends("d")).AddSpanProcessor(new AddAttributesOptions { FromResource = ["service.name"] }),
            null,
            ("Telemetry:ServiceName", "shop"),
            ("Telemetry:Traces:Processors:0:Type", "rename"),
            ("Telemetry:Traces:Processors:0:Names:a*", "b"),
            ("Telemetry:Traces:Processors:1:Type", "Rename"),
            ("Telemetry:Traces:Processors:1:Names:b", "c"),
            ("Telemetry:Traces:Processors:2:Type", "Filter"),
            ("Telemetry:Traces:Processors:2:Name", "b"));
        _source.StartActivity("a1")!.Dispose();

        await host.StopAsync();

        Assert.That((_own.Spans.Single().DisplayName, _own.Spans.Single().GetTagItem("service.name")), Is.EqualTo(("cd", "shop")));
    }

    [Test]
    public async Task One_that_fails_drops_its_span_and_harms_nobody()
    {
        var told = new ConcurrentQueue<TelemetryError>();
        var before = TelemetryLosses.Counted("traces", SpanPipeline.Component, "failed");
        TelemetryErrors.Reported += told.Enqueue;
        try
        {
            using var host = await Start(false, builder => builder.AddSpanProcessor(_ => new Fails()), null);
            Assert.That(() => _source.StartActivity("bad")!.Dispose(), Throws.Nothing);
            _source.StartActivity("good")!.Dispose();
            await host.StopAsync();
        }
        finally
        {
            TelemetryErrors.Reported -= told.Enqueue;
        }

        Assert.That(_own.Spans.Select(span => span.DisplayName), Is.EqualTo(new[] { "good" }));
        Assert.That(TelemetryLosses.Counted("traces", SpanPipeline.Component, "failed") - before, Is.EqualTo(1));
        Assert.That(told.Single(error => error.Component == SpanPipeline.Component).Problem, Does.Contain(nameof(Fails)));
    }

    [Test]
    public async Task Tail_sampling_gives_every_exporter_only_kept_traces([Values] bool before)
    {
        using var receiver = new LoopbackReceiver();
        var naive = new Seen();
        using var host = await Start(
            before,
            builder => builder.WithTracing(traces => traces.AddProcessor(naive)),
            receiver,
            ("Telemetry:Traces:TailSampling:Enabled", "true"), ("Telemetry:Traces:TailSampling:Rate", "0"));
        for (var i = 0; i < 20; i++) MakeTrace("fine", error: false);
        MakeTrace("failed", error: true);
        Assert.That(_own.Spans.Select(span => span.DisplayName), Is.EqualTo(new[] { "failed below", "failed" }));

        await host.StopAsync();

        Assert.That(naive.Ended, Is.EqualTo(new[] { "failed below", "failed" }));
        Assert.That(naive.Started, Is.EqualTo(42));
        Assert.That((receiver.Count("/v1/traces", "failed below"), receiver.Count("/v1/traces", "fine")), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task The_end_decides_about_what_is_held()
    {
        using var host = await Start(false, null, null, ("Telemetry:Traces:TailSampling:Enabled", "true"), ("Telemetry:Traces:TailSampling:Rate", "1"));
        using var open = _source.StartActivity("open");
        _source.StartActivity("inside")!.Dispose();
        Assert.That(_own.Spans, Is.Empty);

        await host.StopAsync();

        Assert.That(_own.Spans.Select(span => span.DisplayName), Is.EqualTo(new[] { "inside" }));
    }

    [Test]
    public async Task A_first_span_that_a_filter_drops_still_ends_its_trace()
    {
        using var host = await Start(
            false, builder => builder.AddSpanProcessor(new SpanFilterOptions { Name = "outer" }), null, ("Telemetry:Traces:TailSampling:Enabled", "true"), ("Telemetry:Traces:TailSampling:Rate", "1"));
        using (_source.StartActivity("outer")) _source.StartActivity("inner")!.Dispose();

        Assert.That(_own.Spans.Select(span => span.DisplayName), Is.EqualTo(new[] { "inner" }));
        await host.StopAsync();
    }

    [Test]
    public async Task Tail_sampling_follows_the_configuration()
    {
        using var host = await Start(false, null, null, ("Telemetry:Traces:TailSampling:Enabled", "true"), ("Telemetry:Traces:TailSampling:Rate", "0"));
        MakeTrace("one", error: false);
        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();
        configuration["Telemetry:Traces:TailSampling:Rate"] = "1";
        configuration.Reload();
        MakeTrace("two", error: false);

        Assert.That(_own.Spans.Select(span => span.DisplayName), Is.EqualTo(new[] { "two below", "two" }));
        await host.StopAsync();
    }

    private void MakeTrace(string name, bool error)
    {
        using var outer = _source.StartActivity(name);
        using var inner = _source.StartActivity(name + " below");
        if (error) inner!.SetStatus(ActivityStatusCode.Error);
    }

    private async Task<IHost> Start(bool before, Action<TelemetryBuilder>? configure, LoopbackReceiver? receiver, params (string Key, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        if (receiver is not null) settings = [.. settings, ("Telemetry:Otlp:Endpoint", receiver.Address.ToString()), ("Telemetry:Otlp:Protocol", "http/protobuf"), ("Telemetry:Metrics:Enabled", "false")];
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        if (before) Own();
        var telemetry = builder.AddPepperTelemetry().AddSource(_name);
        configure?.Invoke(telemetry);
        if (!before) Own();
        var host = builder.Build();
        await host.StartAsync();
        return host;

        void Own() => builder.Services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddProcessor(new SimpleActivityExportProcessor(_own)));
    }

    private sealed class Exported : BaseExporter<Activity>
    {
        private readonly ConcurrentQueue<Activity> _spans = new();

        public IReadOnlyList<Activity> Spans => [.. _spans];

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch) _spans.Enqueue(span);
            return ExportResult.Success;
        }
    }

    /// <summary>An exporter that does not ask whether a span is sampled.</summary>
    private sealed class Seen : BaseProcessor<Activity>
    {
        private readonly ConcurrentQueue<string> _ended = new();
        private int _started;

        public IReadOnlyList<string> Ended => [.. _ended];

        public int Started => _started;

        public override void OnStart(Activity data) => Interlocked.Increment(ref _started);

        public override void OnEnd(Activity data) => _ended.Enqueue(data.DisplayName);
    }

    private sealed class Adds(string name, string value) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => data.SetTag(name, value);
    }

    private sealed class Appends(string text) : SpanProcessor
    {
        public override bool Process(Activity span)
        {
            span.DisplayName += text;
            return true;
        }
    }

    private sealed class Fails : SpanProcessor
    {
        public override bool Process(Activity span) => span.DisplayName != "bad" ? true : throw new InvalidOperationException("no");
    }
}
