using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Tracing.Sampling;

/// <summary>The sampler of an application: what its settings say, together with what the application configured, while they change.</summary>
[NonParallelizable]
public sealed class TraceSamplingTests
{
    private readonly string _name = "sampling" + Guid.NewGuid().ToString("N");
    private readonly FakeClock _clock = new();
    private ActivitySource _source = null!;

    [SetUp]
    public void MakeSource() => _source = new ActivitySource(_name);

    [TearDown]
    public void EndSource() => _source.Dispose();

    [Test]
    public async Task Rules_limits_and_parents_of_the_section_decide()
    {
        using var host = await Start(
            ("Telemetry:Traces:Sampling:Rules:0:Name", "noise*"),
            ("Telemetry:Traces:Sampling:Rules:0:Rate", "0"),
            ("Telemetry:Traces:Sampling:TracesPerSecond", "5"),
            ("Telemetry:Traces:Sampling:Burst", "3"),
            ("Telemetry:Traces:Sampling:Parent:RemoteSampled", "Root"));

        Assert.That(Recorded(10, "noise of a kind"), Is.Zero);
        Assert.That(Recorded(10, "work"), Is.EqualTo(3));
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.That(Recorded(10, "work", Remote(ActivityTraceFlags.Recorded)), Is.EqualTo(1), "A caller's decision is not taken over.");
        Assert.That(Recorded(10, "work", Remote(ActivityTraceFlags.None)), Is.Zero);
    }

    [Test]
    public async Task A_trace_is_whole_whatever_rules_say_of_its_spans()
    {
        using var host = await Start(("Telemetry:Traces:Sampling:Rules:0:Name", "inner"), ("Telemetry:Traces:Sampling:Rules:0:Rate", "0"));

        using var outer = _source.StartActivity("outer");
        using var inner = _source.StartActivity("inner");

        Assert.That((outer!.Recorded, inner!.Recorded), Is.EqualTo((true, true)));
    }

    [Test]
    public async Task Consistent_sampling_tells_its_threshold_to_the_whole_trace()
    {
        using var host = await Start(("Telemetry:Traces:SamplingRate", "1"), ("Telemetry:Traces:Sampling:Consistent", "true"));
        var parent = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, "v=1,ot=th:8", isRemote: true);

        using (var root = _source.StartActivity("root"))
        using (var child = _source.StartActivity("child"))
        {
            Assert.That((root!.TraceStateString, child!.TraceStateString), Is.EqualTo(("ot=th:0", "ot=th:0")));
        }

        using var called = _source.StartActivity("called", ActivityKind.Server, parent);
        Assert.That(called!.TraceStateString, Is.EqualTo("v=1,ot=th:8"), "Whoever is called keeps what the caller decided.");
    }

    [Test]
    public async Task Rates_and_rules_follow_the_configuration()
    {
        using var host = await Start(("Telemetry:Traces:SamplingRate", "0"));
        Assert.That(Recorded(10, "work"), Is.Zero);

        Reload(host, ("Telemetry:Traces:SamplingRate", "1"), ("Telemetry:Traces:Sampling:Rules:0:Name", "noise"), ("Telemetry:Traces:Sampling:Rules:0:Rate", "0"));
        Assert.That((Recorded(10, "work"), Recorded(10, "noise")), Is.EqualTo((10, 0)));

        Reload(host, ("Telemetry:Traces:Sampling:Rules:0:Rate", "1"));
        Assert.That((Recorded(10, "work"), Recorded(10, "noise")), Is.EqualTo((10, 10)));
    }

    [Test]
    public async Task A_reload_that_changes_something_else_does_not_begin_a_limit_anew()
    {
        using var host = await Start(("Telemetry:Traces:Sampling:TracesPerSecond", "2"));
        Assert.That(Recorded(10, "work"), Is.EqualTo(2));

        Reload(host, ("Telemetry:Metrics:MaxSeriesPerMetric", "7"));
        Assert.That(Recorded(10, "work"), Is.Zero);

        Reload(host, ("Telemetry:Traces:Sampling:TracesPerSecond", "3"));
        Assert.That(Recorded(10, "work"), Is.EqualTo(3));
    }

    [Test]
    public async Task Wrong_values_leave_what_was_in_force_and_are_told_once()
    {
        using var host = await Start(("Telemetry:Traces:SamplingRate", "1"));
        var told = new ConcurrentQueue<TelemetryError>();
        TelemetryErrors.Reported += told.Enqueue;
        try
        {
            for (var i = 0; i < 3; i++) Reload(host, ("Telemetry:Traces:SamplingRate", "1.5"), ("Telemetry:Metrics:MaxSeriesPerMetric", "0"));
        }
        finally
        {
            TelemetryErrors.Reported -= told.Enqueue;
        }

        Assert.That(Recorded(10, "work"), Is.EqualTo(10));
        var error = told.Single(error => error.Component == "trace_sampling");
        Assert.That(error.Problem, Does.Contain("Telemetry:Traces:SamplingRate: 1.5 is not a part of a whole").And.Not.Contain("MaxSeriesPerMetric"));

        Reload(host, ("Telemetry:Traces:SamplingRate", "0"));
        Assert.That(Recorded(10, "work"), Is.Zero);
    }

    [Test]
    public async Task A_sampler_of_the_application_s_own_wins_wherever_it_is_set([Values] bool before)
    {
        using var host = await Start(before, traces => traces.SetSampler(new AlwaysOffSampler()), ("Telemetry:Traces:SamplingRate", "1"));

        Assert.That(Recorded(10, "work"), Is.Zero);
    }

    [Test]
    public async Task What_the_application_composes_is_around_the_section_s([Values] bool before)
    {
        using var host = await Start(
            before, traces => traces.ConfigureSampler((_, inner) => new NotTheSecret(inner)), ("Telemetry:Traces:Sampling:Rules:0:Name", "noise"), ("Telemetry:Traces:Sampling:Rules:0:Rate", "0"));

        Assert.That((Recorded(10, "work"), Recorded(10, "secret"), Recorded(10, "noise")), Is.EqualTo((10, 0, 0)));
    }

    [Test]
    public async Task The_variable_of_OpenTelemetry_wins_over_the_section_but_not_over_code()
    {
        using (await Start(("OTEL_TRACES_SAMPLER", "always_off"), ("Telemetry:Traces:Sampling:Rate", "1"))) Assert.That(Recorded(10, "work"), Is.Zero);
        using (await Start(options => options.Traces.Sampling.Rate = 0.9999999, ("OTEL_TRACES_SAMPLER", "always_off"))) Assert.That(Recorded(10, "work"), Is.GreaterThan(8));
    }

    private Task<IHost> Start(params (string Key, string Value)[] settings) => Start(_ => { }, settings);

    private Task<IHost> Start(Action<TelemetryOptions> configure, params (string Key, string Value)[] settings) => Start(before: false, _ => { }, settings, configure);

    private Task<IHost> Start(bool before, Action<TracerProviderBuilder> own, params (string Key, string Value)[] settings) => Start(before, own, settings, _ => { });

    private async Task<IHost> Start(bool before, Action<TracerProviderBuilder> own, (string Key, string Value)[] settings, Action<TelemetryOptions> configure)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddSingleton<TimeProvider>(_clock);
        if (before) builder.Services.ConfigureOpenTelemetryTracerProvider(own);
        builder.AddPepperTelemetry(configure).AddSource(_name);
        if (!before) builder.Services.ConfigureOpenTelemetryTracerProvider(own);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static void Reload(IHost host, params (string Key, string Value)[] settings)
    {
        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();
        foreach (var (key, value) in settings) configuration[key] = value;
        configuration.Reload();
    }

    private static ActivityContext Remote(ActivityTraceFlags flags) => new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags, isRemote: true);

    private int Recorded(int times, string name, ActivityContext parent = default)
    {
        var recorded = 0;
        for (var i = 0; i < times; i++)
        {
            using var span = _source.StartActivity(name, ActivityKind.Server, parent);
            if (span is { Recorded: true }) recorded++;
        }

        return recorded;
    }

    private sealed class NotTheSecret(Sampler inner) : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            samplingParameters.Name == "secret" ? new SamplingResult(SamplingDecision.Drop) : inner.ShouldSample(samplingParameters);
    }
}
