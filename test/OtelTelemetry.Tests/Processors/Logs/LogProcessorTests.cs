using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OtelTelemetry.Processors.Logs.Attributes;
using OtelTelemetry.Processors.Logs.Deduplicate;
using OtelTelemetry.Processors.Logs.Filter;
using OtelTelemetry.Processors.Logs.RateLimit;
using OtelTelemetry.Processors.Logs.Redact;
using OtelTelemetry.Processors.Logs.Sample;
using OtelTelemetry.Tests.Configuration;
using OtelTelemetry.Tracing.Sampling.Consistent;

namespace OtelTelemetry.Tests.Processors.Logs;

public sealed class LogProcessorTests
{
    private static readonly (string Key, string Value, string Says)[] s_wrong =
    [
        ("Telemetry:Logs:Processors:0:Type", "Launder", "'Launder' is not a log processor"),
        ("Telemetry:Logs:Processors:1:Category", "x", "has no type"),
        ("Telemetry:Logs:Processors:2:Type", "Filter", "would drop every record"),
        ("Telemetry:Logs:Processors:3:Type", "AddAttributes", "nothing is added"),
        ("Telemetry:Logs:ExcludedPaths:0", "health", "'health' is not a path"),
    ];

    [Test]
    public async Task Attributes_come_from_settings_resource_scopes_and_baggage_and_replace_none()
    {
        using var host = LogHost.Start(builder => builder.AddPepperTelemetry(options => options.ServiceName = "shop").AddLogProcessor(new AddLogAttributesOptions
        {
            Attributes = new Dictionary<string, string> { ["team"] = "a", ["Kept"] = "new" },
            FromResource = ["service.name", "absent"],
            FromScopes = ["order", "absent"],
            FromBaggage = ["tenant", "absent"],
        }));
        Baggage.SetBaggage("tenant", "t1");
        try
        {
            using (host.Logger.BeginScope(new Dictionary<string, object?> { ["order"] = 1 }))
            using (host.Logger.BeginScope(new Dictionary<string, object?> { ["order"] = 2 }))
            {
                host.Logger.LogInformation("work {Kept}", "old");
            }
        }
        finally
        {
            Baggage.ClearBaggage();
        }

        await host.StopAsync();

        Assert.That(host.Lines.Single().Attributes, Is.EqualTo(new KeyValuePair<string, object?>[]
        {
            new("Kept", "old"), new("team", "a"), new("service.name", "shop"), new("order", 2), new("tenant", "t1"), new("{OriginalFormat}", "work {Kept}"),
        }));
    }

    [Test]
    public async Task A_part_of_the_records_is_kept_by_trace_where_there_is_one()
    {
        using var host = LogHost.Start(new LogSampleOptions { Rate = 0.25, Category = "Shop.*" });
        var kept = 0;
        for (var i = 0; i < 400; i++)
        {
            using var span = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();
            if (ConsistentSampling.RandomnessOf(span.TraceId) >= 0.75) kept += 2;
            host.Logger.LogInformation("{N}", i);
            host.Logger.LogInformation("{N}", i);
        }

        Assert.That(host.Lines, Has.Count.EqualTo(kept), "All or none of a trace.");
        for (var i = 0; i < 4000; i++) host.Logger.LogInformation("alone");
        Assert.That(host.Lines.Count(line => line.Message == "alone"), Is.InRange(800, 1200));
        host.LoggerOf("Other").LogInformation("other");
        for (var i = 0; i < 20; i++) host.Logger.LogWarning("warning");
        Assert.That((host.Lines.Count(line => line.Message == "other"), host.Lines.Count(line => line.Message == "warning")), Is.EqualTo((1, 20)));
        await host.StopAsync();
    }

    [Test]
    public void The_section_sets_every_property()
    {
        var logs = TelemetrySettingsTests.Bind(
            ("Telemetry:Logs:ExcludedPaths:0", "/health"),
            ("Telemetry:Logs:Processors:0:Type", "filter"),
            ("Telemetry:Logs:Processors:0:Category", "c"),
            ("Telemetry:Logs:Processors:0:Below", "warning"),
            ("Telemetry:Logs:Processors:0:Message", "m"),
            ("Telemetry:Logs:Processors:0:Path", "/p"),
            ("Telemetry:Logs:Processors:0:Attributes:k", "v"),
            ("Telemetry:Logs:Processors:0:DropErrors", "true"),
            ("Telemetry:Logs:Processors:1:Type", "Redact"),
            ("Telemetry:Logs:Processors:1:Attributes", "a,b"),
            ("Telemetry:Logs:Processors:1:Patterns:0", @"\d{1,3}"),
            ("Telemetry:Logs:Processors:1:BuiltIn", "cards,Emails"),
            ("Telemetry:Logs:Processors:1:Replacement", "***"),
            ("Telemetry:Logs:Processors:2:Type", "RateLimit"),
            ("Telemetry:Logs:Processors:2:MaxRecords", "7"),
            ("Telemetry:Logs:Processors:2:Period", "8s"),
            ("Telemetry:Logs:Processors:2:MaxKinds", "9"),
            ("Telemetry:Logs:Processors:3:Type", "Deduplicate"),
            ("Telemetry:Logs:Processors:3:Period", "8s"),
            ("Telemetry:Logs:Processors:3:MaxKinds", "9"),
            ("Telemetry:Logs:Processors:4:Type", "Sample"),
            ("Telemetry:Logs:Processors:4:Rate", "0.5"),
            ("Telemetry:Logs:Processors:4:Category", "c"),
            ("Telemetry:Logs:Processors:4:Below", "error"),
            ("Telemetry:Logs:Processors:5:Type", "AddAttributes"),
            ("Telemetry:Logs:Processors:5:Attributes:k", "v"),
            ("Telemetry:Logs:Processors:5:FromBaggage", "x"),
            ("Telemetry:Logs:Processors:5:FromResource", "y"),
            ("Telemetry:Logs:Processors:5:FromScopes", "z")).Options.Logs;

        Assert.That(logs.ExcludedPaths, Is.EqualTo(new[] { "/health" }));
        var filter = (LogFilterOptions)logs.Processors[0];
        Assert.That((filter.Category, filter.Below, filter.Message, filter.Path, filter.DropErrors), Is.EqualTo(("c", (LogLevel?)LogLevel.Warning, "m", "/p", true)));
        Assert.That(filter.Attributes, Is.EqualTo(new Dictionary<string, string> { ["k"] = "v" }));
        var redact = (RedactLogsOptions)logs.Processors[1];
        Assert.That((redact.Attributes, redact.Patterns, redact.BuiltIn, redact.Replacement), Is.EqualTo((new[] { "a", "b" }, new[] { @"\d{1,3}" }, new[] { "cards", "Emails" }, "***")));
        Assert.That(logs.Processors[2], Is.EqualTo(new LogRateLimitOptions { MaxRecords = 7, Period = TimeSpan.FromSeconds(8), MaxKinds = 9 }));
        Assert.That(logs.Processors[3], Is.EqualTo(new DeduplicateExceptionsOptions { Period = TimeSpan.FromSeconds(8), MaxKinds = 9 }));
        Assert.That(logs.Processors[4], Is.EqualTo(new LogSampleOptions { Rate = 0.5, Category = "c", Below = LogLevel.Error }));
        var add = (AddLogAttributesOptions)logs.Processors[5];
        Assert.That((add.FromBaggage, add.FromResource, add.FromScopes), Is.EqualTo((new[] { "x" }, new[] { "y" }, new[] { "z" })));
        Assert.That(add.Attributes, Is.EqualTo(new Dictionary<string, string> { ["k"] = "v" }));
    }

    [Test]
    public void Every_error_is_listed_at_once()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind([.. s_wrong.Select(wrong => (wrong.Key, wrong.Value))]))!;

        foreach (var (_, _, says) in s_wrong) Assert.That(error.Message, Does.Contain(says));
    }

    [Test]
    public void What_is_out_of_range_is_an_error_in_the_settings_own_name()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind(options =>
        {
            options.Logs.Processors.Add(new LogRateLimitOptions { MaxRecords = 0, Period = TimeSpan.Zero, MaxKinds = 0 });
            options.Logs.Processors.Add(new DeduplicateExceptionsOptions { Period = TimeSpan.FromDays(2), MaxKinds = 2_000_000 });
            options.Logs.Processors.Add(new LogSampleOptions { Rate = double.NaN });
            options.Logs.Processors.Add(new RedactLogsOptions { BuiltIn = ["None"] });
            options.Logs.Processors.Add(new RedactLogsOptions { BuiltIn = ["Ibans"], Patterns = ["(?=a)"] });
        }))!;

        Assert.That(error.Errors.Select(wrong => wrong.Setting[(wrong.Setting.IndexOf("Processors", StringComparison.Ordinal) + 10)..]), Is.EquivalentTo(new[]
        {
            ".0.MaxRecords", ".0.Period", ".0.MaxKinds", ".1.Period", ".1.MaxKinds", ".2.Rate", ".3.Attributes", ".4.BuiltIn", ".4.Patterns",
        }));
    }
}
