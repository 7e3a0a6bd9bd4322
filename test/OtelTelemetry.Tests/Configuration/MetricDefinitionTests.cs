using System.Text;
using Microsoft.Extensions.Configuration;
using OtelTelemetry.Configuration;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Configuration;

public class MetricDefinitionTests
{
    [Test]
    public void Every_kind_is_read_with_everything_it_has()
    {
        var definitions = Read(
            """
            {
              "requests_total": { "Type": "counter", "Help": "Requests.", "Unit": "{request}", "Labels": ["method", "status"], "MaxSeries": 100, "IdleExpiry": "1h" },
              "open_carts": { "Type": "Gauge" },
              "latency": { "Type": "histogram", "Labels": "route", "Buckets": [0.1, 0.5, 1] },
              "payment.time": { "Type": "SUMMARY", "Quantiles": "0.5, 0.99", "Window": "5m" }
            }
            """).ToDictionary(definition => definition.Name);

        var requests = (CounterOptions)definitions["requests_total"];
        Assert.That((requests.Help, requests.Unit, requests.MaxSeries, requests.IdleExpiry), Is.EqualTo(("Requests.", "{request}", 100, TimeSpan.FromHours(1))));
        Assert.That(requests.LabelNames, Is.EqualTo(new[] { "method", "status" }));
        Assert.That(definitions["open_carts"], Is.TypeOf<GaugeOptions>());
        Assert.That(((HistogramOptions)definitions["latency"]).Buckets, Is.EqualTo(new[] { 0.1, 0.5, 1 }));
        Assert.That(definitions["latency"].LabelNames, Is.EqualTo(new[] { "route" }));
        var payment = (SummaryOptions)definitions["payment.time"];
        Assert.That((payment.Quantiles, payment.Window), Is.EqualTo((new[] { 0.5, 0.99 }, TimeSpan.FromMinutes(5))));
    }

    [Test]
    public void What_is_not_said_is_as_in_code()
    {
        var definitions = Read("""{ "h": { "Type": "histogram", "Buckets": [] }, "s": { "Type": "summary", "Labels": null } }""");

        Assert.That(((HistogramOptions)definitions[0]).Buckets, Is.Null);
        Assert.That(((SummaryOptions)definitions[1]).Quantiles, Is.EqualTo(new SummaryOptions("s").Quantiles));
        Assert.That(((SummaryOptions)definitions[1]).Window, Is.EqualTo(new SummaryOptions("s").Window));
        Assert.That(definitions.Select(definition => definition.MaxSeries), Is.All.Null);
        Assert.That(definitions.SelectMany(definition => definition.LabelNames), Is.Empty);
    }

    // The name of the metric, its definition, the setting of the error, something the error must say, something its remedy must say.
    private static readonly (string Name, string Json, string Setting, string Says, string Remedy)[] s_wrong =
    [
        ("no_type", """{ "Help": "x" }""", ":Type", "the metric has no type", "counter, gauge, histogram, summary"),
        ("type", """{ "Type": "tally" }""", ":Type", "'tally' is not a type of metric", "counter, gauge, histogram, summary"),
        ("empty", "{}", ":Type", "the metric has no type", "counter, gauge"),
        ("text", "\"counter\"", "", "'counter' stands where an object is expected", "{ \"Type\": \"counter\""),
        ("1st", """{ "Type": "counter" }""", "", "'1st' is not a metric name", "such as orders_total"),
        ("0", """{ "Type": "counter", "Help": "as if this were an array" }""", "", "'0' is not a metric name", "not an array"),
        ("with space", """{ "Type": "counter" }""", "", "'with space' is not a metric name", "letters, digits"),
        ("unordered", """{ "Type": "histogram", "Buckets": [0.1, 1, 0.5] }""", ":Buckets", "0.5, at position 3 of 0.1, 1, 0.5, is not more than the one before it", "ascending order"),
        ("twice", """{ "Type": "histogram", "Buckets": [1, 1] }""", ":Buckets", "1, at position 2", "each once"),
        ("bucket_text", """{ "Type": "histogram", "Buckets": [1, "many"] }""", ":Buckets", "'many' is not a number", "a number such as"),
        ("counter_buckets", """{ "Type": "counter", "Buckets": [1, 2] }""", ":Buckets", "a counter has no buckets", "set Type to histogram"),
        ("gauge_quantiles", """{ "Type": "gauge", "Quantiles": [0.5] }""", ":Quantiles", "a gauge has no quantiles", "set Type to summary"),
        ("histogram_window", """{ "Type": "histogram", "Window": "1m" }""", ":Window", "a histogram has no window", "set Type to summary"),
        ("quantiles", """{ "Type": "summary", "Quantiles": [0.5, 95] }""", ":Quantiles", "0.5, 95 are not all from 0 to 1", "the 95th percentile is 0.95"),
        ("window", """{ "Type": "summary", "Window": "10ms" }""", ":Window", "less than a second", "from 1s"),
        ("window_unit", """{ "Type": "summary", "Window": "10" }""", ":Window", "'10' has no unit", "5s"),
        ("max_series", """{ "Type": "counter", "MaxSeries": 0 }""", ":MaxSeries", "0 is less than 1", "1 and more"),
        ("max_series_text", """{ "Type": "counter", "MaxSeries": "few" }""", ":MaxSeries", "'few' is not a whole number", "a whole number"),
        ("idle", """{ "Type": "counter", "IdleExpiry": "0s" }""", ":IdleExpiry", "less than a second", "from 1s"),
        ("label", """{ "Type": "counter", "Labels": ["a", "__name__"] }""", ":Labels", "'__name__' begins with '__'", "Rename or remove"),
        ("label_twice", """{ "Type": "counter", "Labels": ["a", "a"] }""", ":Labels", "'a' is there twice", "Rename or remove"),
        ("label_le", """{ "Type": "histogram", "Labels": ["le"] }""", ":Labels", "'le' is used by the metric's own kind", "Rename or remove"),
        ("label_constant", """{ "Type": "gauge", "Labels": ["region"] }""", ":Labels", "'region' is there twice, or is also a constant label", "Rename or remove"),
        ("misspelt", """{ "Type": "counter", "Lables": ["a"] }""", ":Lables", "this is not a setting of a metric", "Did you mean Labels? Allowed: Type, Help, Unit, Labels"),
        ("unknown", """{ "Type": "counter", "Colour": "red" }""", ":Colour", "this is not a setting of a metric", "Type, Help, Unit, Labels"),
    ];

    [Test]
    public void Every_mistake_is_told_once_with_its_file_its_key_and_a_remedy()
    {
        using var folder = new SettingFolder();
        var error = Assert.Throws<TelemetryConfigurationException>(() => Settings(folder.Json("appsettings.json", Document(s_wrong))))!;

        foreach (var (name, _, setting, says, remedy) in s_wrong)
        {
            var found = error.Errors.Where(one => one.Setting == $"Telemetry:Metrics:Definitions:{name}{setting}").ToList();
            Assert.That(found, Has.Count.EqualTo(1), $"{name} in:\n{error.Message}");
            Assert.That(found[0].Problem, Does.Contain(says));
            Assert.That(found[0].Remedy, Does.Contain(remedy));
            Assert.That(found[0].ToString(), Does.StartWith($"appsettings.json: Telemetry:Metrics:Definitions:{name}{setting}: "));
        }

        Assert.That(error.Errors, Has.Count.EqualTo(s_wrong.Length), error.Message);
    }

    [TestCaseSource(nameof(s_wrong))]
    public void One_mistake_is_enough((string Name, string Json, string Setting, string Says, string Remedy) wrong) =>
        Assert.That(() => Read($$"""{ "{{wrong.Name}}": {{wrong.Json}} }""", """{ "region": "eu" }"""), Throws.TypeOf<TelemetryConfigurationException>().With.Message.Contains(wrong.Says));

    [Test]
    public void The_file_is_that_of_the_provider_that_has_the_last_word()
    {
        using var folder = new SettingFolder();
        var builder = folder.Json("appsettings.json", """{ "Telemetry": { "Metrics": { "Definitions": { "latency": { "Type": "histogram", "Buckets": [1, 2], "Unit": "s", "MaxSeries": 0 } } } } }""");
        folder.Json("appsettings.Production.json", """{ "Telemetry": { "Metrics": { "Definitions": { "latency": { "Buckets": [2, 1] }, "other": { } } }, "Otlp": { "Protocol": "pigeon" } } }""", builder);
        builder.AddInMemoryCollection([new("Telemetry:Metrics:Definitions:latency:IdleExpiry", "soon")]);

        var error = Assert.Throws<TelemetryConfigurationException>(() => Settings(builder))!;

        Assert.That(error.Errors.Select(one => (one.File, one.Setting)), Is.EquivalentTo(new[]
        {
            ("appsettings.Production.json", "Telemetry:Metrics:Definitions:latency:Buckets"),
            ("appsettings.json", "Telemetry:Metrics:Definitions:latency:MaxSeries"),
            (null, "Telemetry:Metrics:Definitions:latency:IdleExpiry"),
            ("appsettings.Production.json", "Telemetry:Metrics:Definitions:other:Type"),
            ("appsettings.Production.json", "Telemetry:Otlp:Protocol"),
        }));
    }

    [Test]
    public void A_configuration_within_another_is_looked_into()
    {
        using var folder = new SettingFolder();
        var inner = folder.Json("inner.json", """{ "Telemetry": { "Prometheus": { "Port": 70000 }, "Promtheus": { "Path": "/m" } } }""").Build();
        var outer = new ConfigurationBuilder().AddConfiguration(inner);

        var error = Assert.Throws<TelemetryConfigurationException>(() => Settings(outer))!;

        Assert.That(error.Errors.Single().ToString(), Does.StartWith("inner.json: Telemetry:Prometheus:Port: 70000 is not a port"));
    }

    [Test]
    public void Warnings_name_the_file_too()
    {
        using var folder = new SettingFolder();
        var settings = Settings(folder.Json("appsettings.json", """{ "Telemetry": { "Metrics": { "Defnitions": {} }, "Servicname": "x" } }"""));

        Assert.That(settings.Warnings, Is.EquivalentTo(new[]
        {
            "appsettings.json: Telemetry:Metrics:Defnitions is not a known setting and is ignored; did you mean Telemetry:Metrics:Definitions?",
            "appsettings.json: Telemetry:Servicname is not a known setting and is ignored; did you mean Telemetry:ServiceName?",
        }));
    }

    [Test]
    public void What_code_declares_stands_beside_what_is_configured_and_is_checked()
    {
        var settings = TelemetrySettingsTests.Bind(
            options => options.Metrics.Definitions.Add(new CounterOptions("in_code") { LabelNames = ["a"] }), ("Telemetry:Metrics:Definitions:configured:Type", "gauge"));

        Assert.That(settings.Options.Metrics.Definitions.Select(definition => definition.Name), Is.EqualTo(new[] { "configured", "in_code" }));

        var error = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind(
            options =>
            {
                options.Metrics.Definitions.Add(new CounterOptions("Configured"));
                options.Metrics.Definitions.Add(new HistogramOptions("h") { Buckets = [2, 1], LabelNames = [""], MaxSeries = 0 });
                options.Metrics.Definitions.Add(new SummaryOptions("s") { Quantiles = null!, LabelNames = null! });
                options.Metrics.Definitions.Add(null!);
                options.Metrics.Definitions.Add(new CounterOptions(null!));
                options.Metrics.Definitions.Add(new Tally("t"));
            },
            ("Telemetry:Metrics:Definitions:configured:Type", "gauge")))!;

        Assert.That(error.Errors.Select(one => one.Setting), Is.EquivalentTo(new[]
        {
            "TelemetryOptions.Metrics.Definitions[Configured]", "TelemetryOptions.Metrics.Definitions[h].Buckets", "TelemetryOptions.Metrics.Definitions[h].LabelNames",
            "TelemetryOptions.Metrics.Definitions[h].MaxSeries", "TelemetryOptions.Metrics.Definitions[s].Quantiles", "TelemetryOptions.Metrics.Definitions",
            "TelemetryOptions.Metrics.Definitions[]", "TelemetryOptions.Metrics.Definitions[t]",
        }));
        Assert.That(error.Message, Does.Contain("declared already, by Telemetry:Metrics:Definitions:configured"));
    }

    [Test]
    public void A_definition_that_code_changed_is_code_s()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind(
            options => options.Metrics.Definitions[0] = options.Metrics.Definitions[0] with { MaxSeries = -1 }, ("Telemetry:Metrics:Definitions:c:Type", "counter")))!;

        Assert.That(error.Errors.Single().Setting, Is.EqualTo("TelemetryOptions.Metrics.Definitions[c].MaxSeries"));
    }

    [Test]
    public void A_wrong_namespace_is_told_once_and_not_at_every_metric()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind(
            ("Telemetry:Metrics:Namespace", "1shop"), ("Telemetry:Metrics:Definitions:c:Type", "counter")))!;

        Assert.That(error.Errors.Select(one => one.Setting), Is.EqualTo(new[] { "Telemetry:Metrics:Namespace" }));
    }

    private static IList<MetricOptions> Read(string definitions, string labels = "{}")
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "Telemetry": { "Metrics": { "Labels": {{labels}}, "Definitions": {{definitions}} } } }"""));
        return Settings(new ConfigurationBuilder().AddJsonStream(json)).Options.Metrics.Definitions;
    }

    private static string Document(IEnumerable<(string Name, string Json, string Setting, string Says, string Remedy)> wrong) =>
        $$"""{ "Telemetry": { "Metrics": { "Labels": { "region": "eu" }, "Definitions": { {{string.Join(",\n", wrong.Select(one => $"\"{one.Name}\": {one.Json}"))}} } } } }""";

    private static TelemetrySettings Settings(IConfigurationBuilder builder) => TelemetrySettings.Create(builder.Build(), environment: null, []);

    private sealed record Tally(string Name) : MetricOptions(Name);
}
