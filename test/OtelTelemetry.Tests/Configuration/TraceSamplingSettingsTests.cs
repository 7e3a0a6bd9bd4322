using System.Diagnostics;
using OtelTelemetry.Tracing.Sampling.ParentBased;
using OtelTelemetry.Tracing.Sampling.Rules;

namespace OtelTelemetry.Tests.Configuration;

public class TraceSamplingSettingsTests
{
    private static readonly (string Key, string Value, string Says)[] s_wrong =
    [
        ("Telemetry:Traces:Sampling:Rate", "1.5", "1.5 is not a part of a whole"),
        ("Telemetry:Traces:Sampling:TracesPerSecond", "0", "0 is no limit"),
        ("Telemetry:Traces:Sampling:Burst", "0", "0 is no burst"),
        ("Telemetry:Traces:Sampling:Consistent", "perhaps", "not true or false"),
        ("Telemetry:Traces:Sampling:Parent:RemoteSampled", "Maybe", "Allowed: AlwaysOn, AlwaysOff, Root"),
        ("Telemetry:Traces:Sampling:Rules:0:Rate", "-1", "-1 is not a part of a whole"),
        ("Telemetry:Traces:Sampling:Rules:1:Kind", "Servant", "Allowed: Internal, Server, Client, Producer, Consumer"),
        ("Telemetry:Traces:Sampling:Rules:2:TracesPerSecond", "many", "'many' is not a number"),
        ("Telemetry:Traces:Sampling:Rules:3:Burst", "2000000", "2000000 is no burst"),
    ];

    [Test]
    public void The_section_sets_every_property()
    {
        var sampling = TelemetrySettingsTests.Bind(
            ("Telemetry:Traces:Sampling:Rate", "0.25"),
            ("Telemetry:Traces:Sampling:Consistent", "true"),
            ("Telemetry:Traces:Sampling:TracesPerSecond", "100"),
            ("Telemetry:Traces:Sampling:Burst", "7"),
            ("Telemetry:Traces:Sampling:Parent:RemoteSampled", "root"),
            ("Telemetry:Traces:Sampling:Parent:RemoteNotSampled", "AlwaysOn"),
            ("Telemetry:Traces:Sampling:Parent:LocalSampled", "AlwaysOff"),
            ("Telemetry:Traces:Sampling:Parent:LocalNotSampled", "Root"),
            ("Telemetry:Traces:Sampling:Rules:0:Service", "shop*"),
            ("Telemetry:Traces:Sampling:Rules:0:Name", "GET *"),
            ("Telemetry:Traces:Sampling:Rules:0:Kind", "server"),
            ("Telemetry:Traces:Sampling:Rules:0:Path", "/api/*"),
            ("Telemetry:Traces:Sampling:Rules:0:Attributes:http.request.method", "GET"),
            ("Telemetry:Traces:Sampling:Rules:0:Rate", "0.5"),
            ("Telemetry:Traces:Sampling:Rules:0:TracesPerSecond", "10"),
            ("Telemetry:Traces:Sampling:Rules:0:Burst", "3"),
            ("Telemetry:Traces:Sampling:Rules:1:Rate", "0")).Options.Traces.Sampling;

        Assert.That((sampling.Rate, sampling.Consistent, sampling.TracesPerSecond, sampling.Burst), Is.EqualTo(((double?)0.25, true, (double?)100, (int?)7)));
        Assert.That(
            (sampling.Parent.RemoteSampled, sampling.Parent.RemoteNotSampled, sampling.Parent.LocalSampled, sampling.Parent.LocalNotSampled),
            Is.EqualTo((ParentDecision.Root, ParentDecision.AlwaysOn, ParentDecision.AlwaysOff, ParentDecision.Root)));
        var rule = sampling.Rules[0];
        Assert.That((rule.Service, rule.Name, rule.Kind, rule.Path), Is.EqualTo(("shop*", "GET *", (ActivityKind?)ActivityKind.Server, "/api/*")));
        Assert.That((rule.Rate, rule.TracesPerSecond, rule.Burst), Is.EqualTo((0.5, (double?)10, (int?)3)));
        Assert.That(rule.Attributes, Is.EqualTo(new Dictionary<string, string> { ["http.request.method"] = "GET" }));
        Assert.That((sampling.Rules.Count, sampling.Rules[1].Rate), Is.EqualTo((2, 0)));
    }

    [Test]
    public void Every_error_is_listed_at_once_under_the_name_it_was_written_with()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind([.. s_wrong.Select(wrong => (wrong.Key, wrong.Value))]))!;

        foreach (var (key, _, says) in s_wrong)
        {
            Assert.That(error.Errors.Where(found => found.Setting == key && found.ToString().Contains(says, StringComparison.Ordinal)).Count(), Is.EqualTo(1), $"{key} in:\n{error.Message}");
        }

        Assert.That(error.Errors, Has.Count.EqualTo(s_wrong.Length));
    }

    [Test]
    public void Rules_of_code_are_named_as_such_and_come_after_those_of_the_configuration()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind(
            options => options.Traces.Sampling.Rules.Add(new TraceSamplingRule { Rate = double.NaN }), ("Telemetry:Traces:Sampling:Rules:0:Name", "first")))!;

        Assert.That(error.Errors.Single().Setting, Is.EqualTo("TelemetryOptions.Traces.Sampling.Rules[1].Rate"));
    }

    [Test]
    public void The_variable_makes_the_section_step_back()
    {
        var traces = TelemetrySettingsTests.Bind(
            ("OTEL_TRACES_SAMPLER", "always_on"), ("Telemetry:Traces:Sampling:Rate", "0.5"), ("Telemetry:Traces:Sampling:Rules:0:Rate", "0")).Options.Traces;

        Assert.That((traces.Sampling.Rate, traces.Sampling.Rules.Count), Is.EqualTo(((double?)null, 0)));
    }
}
