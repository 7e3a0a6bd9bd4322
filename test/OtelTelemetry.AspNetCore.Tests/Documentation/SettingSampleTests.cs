using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.AspNetCore.Tests.Documentation;

/// <summary>Every JSON and YAML sample of the documentation is JSON or YAML, and its telemetry settings exist and are accepted.</summary>
public class SettingSampleTests
{
    private static IEnumerable<string> PagesWithSettings => Page.All.Where(page => Blocks(page).Any()).Select(page => page.Name);

    [OneTimeSetUp]
    public void KnowWhatPackagesAdd() => new ServiceCollection().AddPepperTelemetry().AddRemoteWrite().AddFileLogs();

    [Test]
    public void The_pages_with_settings_are_found() => Assert.That(
        PagesWithSettings, Is.SupersetOf(new[] { "README.md", "docs/otlp.md", "docs/tracing.md", "docs/declared-metrics.md", "docs/yaml.md" }));

    [TestCaseSource(nameof(PagesWithSettings))]
    public void Every_sample_is_accepted(string page) => Assert.That(Blocks(Page.Named(page)).SelectMany(sample => Problems(sample.Block, sample.IsYaml)), Is.Empty);

    [TestCase("""{ "Telemetry": { "Promtheus": { "Port": 9464 } } }""", "Promtheus:Port")]
    [TestCase("""{ "Telemetry": { "Otlp": { "Adress": "http://localhost" } } }""", "Otlp:Adress")]
    [TestCase("""{ "Telemetry": { "Traces": { "SamplingRate": 2 } } }""", "Traces:SamplingRate")]
    [TestCase("""{ "Telemetry": { "Metrics": { "Definitions": { "a": { "Type": "counter", "Lables": ["b"] } } } } }""", "Definitions:a:Lables")]
    [TestCase("""{ "Telemetry": }""", "json")]
    public void What_is_wrong_is_told(string json, string expected) =>
        Assert.That(Problems(new Block("page.md", 1, json), isYaml: false), Has.Some.Contains(expected).IgnoreCase);

    [TestCase("telemetry: { promtheus: { port: 9464 } }", "promtheus:port")]
    [TestCase("telemetry: { traces: { sampling_rate: 2 } }", "Traces:SamplingRate")]
    [TestCase("telemetry: { metrics: { definitions: { a: { type: counter, lables: [b] } } } }", "Definitions:a:lables")]
    [TestCase("telemetry: {", "no YAML")]
    [TestCase("groups:\n\t- name: x", "a tab indents this line")]
    public void What_is_wrong_in_YAML_is_told(string yaml, string expected) =>
        Assert.That(Problems(new Block("page.md", 1, yaml), isYaml: true), Has.Some.Contains(expected).IgnoreCase);

    private static IEnumerable<(Block Block, bool IsYaml)> Blocks(Page page) =>
        page.Blocks("json").Select(block => (block, false)).Concat(page.Blocks("yaml").Select(block => (block, true)));

    private static IEnumerable<string> Problems(Block block, bool isYaml)
    {
        IConfiguration configuration;
        try
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(block.Text));
            configuration = (isYaml ? new ConfigurationBuilder().AddTelemetryYamlStream(stream) : new ConfigurationBuilder().AddJsonStream(stream)).Build();
        }
        catch (Exception exception) when (exception is JsonException or FormatException or TelemetryConfigurationException)
        {
            return [$"{block}: no {(isYaml ? "YAML" : "JSON")}: {exception.Message}"];
        }

        var binder = new SettingBinder(configuration, new SettingReport());
        TelemetryBinding.Bind(binder, new TelemetryOptions());
        var unknown = configuration.GetSection("Telemetry").AsEnumerable(makePathsRelative: true)
            .Where(setting => setting.Value is not null && !IsKnown(setting.Key, binder.KnownPaths))
            .Select(setting => $"{block}: Telemetry:{setting.Key} is no setting");
        return unknown.Concat(Errors(block, configuration));
    }

    /// <summary>A setting, or an entry of a list or a map.</summary>
    private static bool IsKnown(string key, IReadOnlySet<string> known) =>
        known.Contains(key) || (key.LastIndexOf(':') is var end and > 0 && known.Contains(key[..end]));

    private static IEnumerable<string> Errors(Block block, IConfiguration configuration)
    {
        try
        {
            return TelemetrySettings.Create(configuration, environment: null, []).Warnings.Select(warning => $"{block}: {warning}");
        }
        catch (TelemetryConfigurationException exception)
        {
            return [$"{block}: {exception.Message}"];
        }
    }
}
