using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OtelTelemetry.Configuration;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Processors.Logs;
using OtelTelemetry.Processors.Logs.Attributes;
using OtelTelemetry.Processors.Logs.Filter;
using OtelTelemetry.Processors.Logs.Redact;
using OtelTelemetry.Tests.Configuration;
using OtelTelemetry.Tests.Otlp;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Processors.Logs;

/// <summary>Log processors in the pipeline of an application: before whatever exports, wherever it was added.</summary>
[NonParallelizable]
public sealed class LogPipelineTests
{
    [Test]
    public async Task They_come_before_the_application_s_own_exporter_and_ours_wherever_that_is_added([Values] bool before)
    {
        using var receiver = new LoopbackReceiver();
        using var host = LogHost.Start(
            builder => builder.AddPepperTelemetry(), before, null, receiver,
            ("Telemetry:Logs:Processors:0:Type", "Filter"), ("Telemetry:Logs:Processors:0:Message", "dropped*"),
            ("Telemetry:Logs:Processors:1:Type", "Redact"));
        using (host.Logger.BeginScope("token {Token}", "correct horse"))
        {
            host.Logger.LogInformation("dropped {Number}", 1);
            host.Logger.LogInformation("login of {Name} with {Password}", "ann", "battery staple");
        }

        await host.StopAsync();

        var line = host.Lines.Single();
        Assert.That((line.Message, line["Name"], line["Password"]), Is.EqualTo(("login of ann with [redacted]", "ann", "[redacted]")));
        Assert.That(line.Scopes.Single(pair => pair.Key == "Token").Value, Is.EqualTo("[redacted]"));
        Assert.That((receiver.Count("/v1/logs", "battery staple"), receiver.Count("/v1/logs", "correct horse"), receiver.Count("/v1/logs", "dropped")), Is.EqualTo((0, 0, 0)));
        Assert.That(receiver.Count("/v1/logs", "login of ann with [redacted]"), Is.EqualTo(1));
    }

    [Test]
    public async Task What_a_processor_of_the_application_adds_is_redacted_before_we_export_it()
    {
        using var receiver = new LoopbackReceiver();
        using var host = LogHost.Start(
            builder =>
            {
                builder.AddPepperTelemetry().AddLogProcessor(new RedactLogsOptions());
                builder.Services.ConfigureOpenTelemetryLoggerProvider(logs => logs.AddProcessor(new Adds("api.password", "correct horse")));
            },
            receiver: receiver);
        host.Logger.LogInformation("login");

        await host.StopAsync();

        Assert.That((receiver.Count("/v1/logs", "correct horse"), receiver.Count("/v1/logs", "api.password")), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task The_application_s_other_log_providers_get_everything_as_it_was()
    {
        var others = new RecordedLogs();
        using var host = LogHost.Start(builder =>
        {
            builder.Logging.AddProvider(others);
            builder.AddPepperTelemetry().AddLogProcessor(new RedactLogsOptions()).AddLogProcessor(new LogFilterOptions { Message = "gone" });
        });
        host.Logger.LogInformation("gone");
        host.Logger.LogInformation("to {Address}", "ann@example.com");
        await host.StopAsync();

        Assert.That(others.Lines.Select(line => line.Text), Has.Some.Contains("gone").And.Some.Contains("ann@example.com"));
        Assert.That(host.Lines.Single().Message, Is.EqualTo("to [redacted]"));
    }

    [Test]
    public async Task They_run_in_the_order_written_and_those_of_code_come_last()
    {
        using var host = LogHost.Start(
            builder => builder.AddPepperTelemetry().AddLogProcessor(_ => new Appends("2")).AddLogProcessor(new AddLogAttributesOptions { FromResource = ["service.name"] }),
            settings: [("Telemetry:ServiceName", "shop"), ("Telemetry:Logs:Processors:0:Type", "addattributes"), ("Telemetry:Logs:Processors:0:Attributes:a", "1"), ("Telemetry:Logs:Processors:1:Type", "Filter"), ("Telemetry:Logs:Processors:1:Attributes:a", "12")]);
        host.Logger.LogInformation("one");
        await host.StopAsync();

        Assert.That((host.Lines.Single()["a"], host.Lines.Single()["service.name"]), Is.EqualTo(("12", "shop")));
    }

    [Test]
    public async Task One_that_fails_drops_its_record_and_harms_nobody()
    {
        var told = new ConcurrentQueue<TelemetryError>();
        var before = TelemetryLosses.Counted("logs", LogPipeline.Component, "failed");
        TelemetryErrors.Reported += told.Enqueue;
        LogHost host;
        try
        {
            host = LogHost.Start(builder => builder.AddPepperTelemetry().AddLogProcessor(_ => new Fails()));
            Assert.That(() => host.Logger.LogInformation("bad"), Throws.Nothing);
            host.Logger.LogInformation("good");
            await host.StopAsync();
        }
        finally
        {
            TelemetryErrors.Reported -= told.Enqueue;
        }

        using (host) Assert.That(host.Lines.Select(line => line.Message), Is.EqualTo(new[] { "good" }));
        Assert.That(TelemetryLosses.Counted("logs", LogPipeline.Component, "failed") - before, Is.EqualTo(1));
        Assert.That(told.First(error => error.Component == LogPipeline.Component).Problem, Does.Contain(nameof(Fails)));
    }

    [Test]
    public async Task One_that_always_fails_fails_for_what_is_told_of_it_too_and_comes_to_an_end()
    {
        using var host = LogHost.Start(builder => builder.AddPepperTelemetry().AddLogProcessor(_ => new AlwaysFails()));

        Assert.That(() => host.Logger.LogInformation("bad"), Throws.Nothing);
        await host.StopAsync();

        Assert.That(host.Lines, Is.Empty);
    }

    [Test]
    public async Task What_is_dropped_is_counted()
    {
        var before = TelemetryLosses.Counted("logs", LogPipeline.Component, "filtered");
        using var host = LogHost.Start(new LogFilterOptions { Message = "gone" });
        for (var i = 0; i < 7; i++) host.Logger.LogInformation("gone");
        await host.StopAsync();

        Assert.That(TelemetryLosses.Counted("logs", LogPipeline.Component, "filtered") - before, Is.EqualTo(7));
    }

    [Test]
    public async Task Where_scopes_cannot_be_redacted_a_record_with_a_secret_in_one_is_dropped()
    {
        // The application throws our provider away, and adds OpenTelemetry's again.
        using var host = LogHost.Start(builder =>
        {
            builder.AddPepperTelemetry().AddLogProcessor(new RedactLogsOptions());
            builder.Logging.ClearProviders();
            builder.Logging.AddOpenTelemetry();
        });
        using (host.Logger.BeginScope("for {Address}", "ann@example.com")) host.Logger.LogInformation("hidden");
        using (host.Logger.BeginScope("for {Number}", 7)) host.Logger.LogInformation("shown");
        await host.StopAsync();

        Assert.That(host.Lines.Select(line => line.Message), Is.EqualTo(new[] { "shown" }));
        Assert.That(host.Exported.Everything, Does.Not.Contain("ann@example.com"));
    }

    [Test]
    public void Every_processor_of_the_library_has_its_line_in_the_registry()
    {
        var made = LogProcessorRegistry.All.Select(entry => entry.Read(new SettingSection(new SettingBinder(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build(), new SettingReport()), "x")).GetType());
        var there = typeof(LogProcessorOptions).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(LogProcessorOptions)));

        Assert.That(made, Is.EquivalentTo(there));
    }

    [Test]
    public void Without_any_setting_the_pipeline_is_not_there() =>
        Assert.That(LogPipeline.IsNeeded(TelemetrySettingsTests.Bind().Options.Logs), Is.False);

    private sealed class Adds(string name, string value) : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data) => data.Attributes = [.. data.Attributes ?? [], new(name, value)];
    }

    private sealed class Appends(string text) : LogProcessor
    {
        public override bool Process(LogRecord record)
        {
            record.Attributes = [.. record.Attributes!.Select(pair => pair.Key == "a" ? new("a", pair.Value + text) : pair)];
            return true;
        }
    }

    private sealed class AlwaysFails : LogProcessor
    {
        public override bool Process(LogRecord record) => throw new InvalidOperationException("no");
    }

    private sealed class Fails : LogProcessor
    {
        public override bool Process(LogRecord record) => record.Body != "bad" ? true : throw new InvalidOperationException("no");
    }
}
