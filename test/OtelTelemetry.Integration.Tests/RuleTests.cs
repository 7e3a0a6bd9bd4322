using System.Text.RegularExpressions;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>The shipped rules are what Prometheus takes, and each alert fires when it should and not otherwise.</summary>
[TestFixture]
public sealed partial class RuleTests
{
    private static readonly string s_folder = Repository.PathTo("docs", "content", "rules");

    private static IEnumerable<string> RuleFiles => Directory.GetFiles(s_folder, "*.rules.yaml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(RuleFiles))]
    public async Task Promtool_finds_nothing_wrong(string file)
    {
        var (exitCode, output) = await Promtool.CheckRules(Path.Combine(s_folder, file));

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Match("SUCCESS: [1-9][0-9]* rules found"));
    }

    [TestCaseSource(nameof(RuleFiles))]
    public async Task Each_alert_fires_and_does_not_fire_as_its_tests_say(string file)
    {
        var (exitCode, output) = await Promtool.TestRules(TestsOf(file));

        Assert.That(exitCode, Is.Zero, output);
    }

    [TestCaseSource(nameof(RuleFiles))]
    public void Each_alert_is_tested_firing_and_not_firing(string file)
    {
        var tests = File.ReadAllText(TestsOf(file));
        var alerts = Alert().Matches(File.ReadAllText(Path.Combine(s_folder, file))).Select(match => match.Groups[1].Value).ToArray();

        Assert.That(alerts, Is.Not.Empty.And.Unique);
        Assert.That(alerts.Where(alert => !Regex.IsMatch(tests, $@"alertname: {alert}\n\s+eval_time: \w+\n\s+exp_alerts:\n\s+- exp_labels:")), Is.Empty, "never firing");
        Assert.That(alerts.Where(alert => !Regex.IsMatch(tests, $@"alertname: {alert}\n\s+eval_time: \w+\n\s+exp_alerts: \[\]")), Is.Empty, "never quiet");
    }

    [Test]
    public void The_ten_alerts_on_pipelines_are_there() => Assert.That(Alert().Count(File.ReadAllText(Path.Combine(s_folder, "pipeline.rules.yaml"))), Is.EqualTo(10));

    [TestCase("> 0.05", "> 0.5", "PipelineHighErrorRate")]
    [TestCase("> 0.05", "> 0.01", "PipelineHighErrorRate")]
    [TestCase("for: 15m", "for: 1m", "PipelineQueueGrowing")]
    public async Task A_rule_with_another_limit_fails_its_tests(string part, string other, string alert)
    {
        var folder = Directory.CreateTempSubdirectory("oteltelemetry-rules-");
        try
        {
            var rules = await File.ReadAllTextAsync(Path.Combine(s_folder, "pipeline.rules.yaml"));
            Assert.That(rules, Does.Contain(part));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "pipeline.rules.yaml"), rules.Replace(part, other, StringComparison.Ordinal));
            var tests = Path.Combine(folder.FullName, "pipeline.rules_test.yaml");
            File.Copy(TestsOf("pipeline.rules.yaml"), tests);

            var (exitCode, output) = await Promtool.TestRules(tests);

            Assert.That(exitCode, Is.EqualTo(1));
            Assert.That(output, Does.Contain($"alertname: {alert}"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string TestsOf(string file) => Path.Combine(s_folder, Path.ChangeExtension(file, null) + "_test.yaml");

    [GeneratedRegex(@"^\s+- alert: (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Alert();
}
