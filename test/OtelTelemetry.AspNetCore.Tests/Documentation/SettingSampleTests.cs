using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.AspNetCore.Tests.Documentation;

/// <summary>Every JSON sample of the documentation is JSON, and its telemetry settings exist and are accepted.</summary>
public class SettingSampleTests
{
    private static IEnumerable<string> PagesWithSettings => Page.All.Where(page => page.Blocks("json").Any()).Select(page => page.Name);

    [Test]
    public void The_pages_with_settings_are_found() => Assert.That(PagesWithSettings, Is.SupersetOf(new[] { "README.md", "docs/otlp.md", "docs/tracing.md" }));

    [TestCaseSource(nameof(PagesWithSettings))]
    public void Every_sample_is_accepted(string page) => Assert.That(Page.Named(page).Blocks("json").SelectMany(Problems), Is.Empty);

    [TestCase("""{ "Telemetry": { "Promtheus": { "Port": 9464 } } }""", "Promtheus:Port")]
    [TestCase("""{ "Telemetry": { "Otlp": { "Adress": "http://localhost" } } }""", "Otlp:Adress")]
    [TestCase("""{ "Telemetry": { "Traces": { "SamplingRate": 2 } } }""", "Traces:SamplingRate")]
    [TestCase("""{ "Telemetry": }""", "json")]
    public void What_is_wrong_is_told(string json, string expected) =>
        Assert.That(Problems(new Block("page.md", 1, json)), Has.Some.Contains(expected).IgnoreCase);

    private static IEnumerable<string> Problems(Block block)
    {
        try
        {
            using var document = JsonDocument.Parse(block.Text);
        }
        catch (JsonException exception)
        {
            return [$"{block}: no JSON: {exception.Message}"];
        }

        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(block.Text));
        var configuration = new ConfigurationBuilder().AddJsonStream(stream).Build();
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
