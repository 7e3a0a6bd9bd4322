using OtelTelemetry.Processors.Measurements;

namespace OtelTelemetry.Tests.Configuration;

public class MeasurementRuleSettingsTests
{
    private static readonly (string Key, string Value, string Says)[] s_wrong =
    [
        ("Telemetry:Metrics:Rules:00:Meter", "a", "does nothing"),
        ("Telemetry:Metrics:Rules:01:Deny", "maybe", "not true or false"),
        ("Telemetry:Metrics:Rules:02:Rename", "9 lives", "cannot be a metric's name"),
        ("Telemetry:Metrics:Rules:03:Rename", "everything", "would be the name of every instrument that matches '*'"),
        ("Telemetry:Metrics:Rules:04:Buckets", "1,1", "not in ascending order"),
        ("Telemetry:Metrics:Rules:05:Buckets", "1,many", "'many' is not a number"),
        ("Telemetry:Metrics:Rules:06:Quantiles", "0.5,95", "no quantile"),
        ("Telemetry:Metrics:Rules:07:GaugeMerge", "Median", "'Median' is no way to put gauges together"),
        ("Telemetry:Metrics:Rules:08:AddLabels:__name__", "x", "'__name__' cannot be a label's name"),
        ("Telemetry:Metrics:Rules:09:AddLabels:le", "x", "'le' cannot be a label's name"),
        ("Telemetry:Metrics:Rules:10:RenameLabels", "a=b,c=b", "two labels get the name 'b'"),
        ("Telemetry:Metrics:Rules:11:RenameLabels", "a=b,b=c", "'a' becomes 'b', which is renamed itself"),
        ("Telemetry:Metrics:Rules:12:MapLabels", "path=x", "it is a text"),
        ("Telemetry:Metrics:Rules:13:MapLabels:path", "api", "has no name, or no '='"),
    ];

    [Test]
    public void The_section_sets_every_property()
    {
        var rule = TelemetrySettingsTests.Bind(
            ("Telemetry:Metrics:Rules:0:Meter", "Shop*"),
            ("Telemetry:Metrics:Rules:0:Instrument", "requests"),
            ("Telemetry:Metrics:Rules:0:Rename", "calls"),
            ("Telemetry:Metrics:Rules:0:Buckets:0", "0.5"),
            ("Telemetry:Metrics:Rules:0:Buckets:1", "2"),
            ("Telemetry:Metrics:Rules:0:KeepLabels", "a, b"),
            ("Telemetry:Metrics:Rules:0:AddLabels:region", "eu"),
            ("Telemetry:Metrics:Rules:0:RenameLabels:a", "c"),
            ("Telemetry:Metrics:Rules:0:MapLabels:b:/api/*", "api"),
            ("Telemetry:Metrics:Rules:0:MapLabels:b:*", "other"),
            ("Telemetry:Metrics:Rules:0:MapLabels:a", "1=one,?=some"),
            ("Telemetry:Metrics:Rules:0:DropWhere", "a=9"),
            ("Telemetry:Metrics:Rules:0:GaugeMerge", "sum"),
            ("Telemetry:Metrics:Rules:0:Quantiles", "0.5,0.99"),
            ("Telemetry:Metrics:Rules:1:DropLabels:0", "x"),
            ("Telemetry:Metrics:Rules:2:Deny", "true")).Options.Metrics.Rules;

        Assert.That(rule, Has.Count.EqualTo(3));
        Assert.That((rule[0].Meter, rule[0].Instrument, rule[0].Rename, rule[0].GaugeMerge), Is.EqualTo(("Shop*", "requests", "calls", (GaugeMerge?)GaugeMerge.Sum)));
        Assert.That(rule[0].Buckets, Is.EqualTo(new[] { 0.5, 2 }));
        Assert.That(rule[0].KeepLabels, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(rule[0].AddLabels, Is.EqualTo(new Dictionary<string, string> { ["region"] = "eu" }));
        Assert.That(rule[0].RenameLabels, Is.EqualTo(new Dictionary<string, string> { ["a"] = "c" }));
        Assert.That(rule[0].MapLabels["b"], Is.EquivalentTo(new Dictionary<string, string> { ["/api/*"] = "api", ["*"] = "other" }));
        Assert.That(rule[0].MapLabels["a"], Is.EquivalentTo(new Dictionary<string, string> { ["1"] = "one", ["?"] = "some" }));
        Assert.That(rule[0].DropWhere, Is.EqualTo(new Dictionary<string, string> { ["a"] = "9" }));
        Assert.That(rule[0].Quantiles, Is.EqualTo(new[] { 0.5, 0.99 }));
        Assert.That(rule[1].DropLabels, Is.EqualTo(new[] { "x" }));
        Assert.That((rule[1].Meter, rule[1].Instrument, rule[2].Deny), Is.EqualTo(("*", "*", true)));
    }

    [Test]
    public void Rules_of_code_come_after_those_of_the_configuration()
    {
        var rules = TelemetrySettingsTests.Bind(
            options => options.Metrics.Rules.Add(new MeasurementRule { Instrument = "coded", Deny = true }), ("Telemetry:Metrics:Rules:0:Deny", "true"), ("Telemetry:Metrics:Rules:0:Instrument", "configured")).Options.Metrics.Rules;

        Assert.That(rules.Select(rule => rule.Instrument), Is.EqualTo(new[] { "configured", "coded" }));
    }

    [Test]
    public void Every_error_is_listed_at_once_under_the_name_it_was_written_with()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind([.. s_wrong.Select(wrong => (wrong.Key, wrong.Value))]))!;

        foreach (var (key, _, says) in s_wrong)
        {
            // Where a map is at fault as a whole, it is named; and a rule that does nothing is named by its instrument.
            var rule = key[.."Telemetry:Metrics:Rules:00".Length];
            var found = error.Errors.Where(found => found.Setting.StartsWith(rule, StringComparison.Ordinal) && found.ToString().Contains(says, StringComparison.Ordinal));
            Assert.That(found.Count(), Is.EqualTo(1), $"{key} in:\n{error.Message}");
            if (says != "does nothing") Assert.That(key, Does.StartWith(found.Single().Setting));
        }
    }

    [Test]
    public void What_code_got_wrong_is_named_as_code_spells_it()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind(options =>
        {
            options.Metrics.Rules.Add(new MeasurementRule { Instrument = " ", Deny = true, DropLabels = { "x" } });
            options.Metrics.Rules.Add(new MeasurementRule { KeepLabels = { "a" }, DropLabels = { "" }, GaugeMerge = (GaugeMerge)99 });
            options.Metrics.Rules.Add(new MeasurementRule { Instrument = "a", Rename = "same" });
            options.Metrics.Rules.Add(new MeasurementRule { Instrument = "b", Rename = "same" });
            options.Metrics.Rules.Add(new MeasurementRule { MapLabels = { ["path"] = new Dictionary<string, string>() }, DropWhere = { ["x"] = null! } });
            options.Metrics.Rules.Add(null!);
        }))!;

        Assert.That(error.Errors.Select(found => found.Setting), Is.EquivalentTo(new[]
        {
            "TelemetryOptions.Metrics.Rules[0].Instrument", "TelemetryOptions.Metrics.Rules[0].Deny",
            "TelemetryOptions.Metrics.Rules[1].DropLabels", "TelemetryOptions.Metrics.Rules[1].DropLabels", "TelemetryOptions.Metrics.Rules[1].GaugeMerge",
            "TelemetryOptions.Metrics.Rules[3].Rename",
            "TelemetryOptions.Metrics.Rules[4].MapLabels:path", "TelemetryOptions.Metrics.Rules[4].DropWhere",
            "TelemetryOptions.Metrics.Rules[5]",
        }), error.Message);
    }

    [Test]
    public void A_key_no_rule_has_is_warned_of_once()
    {
        var warnings = TelemetrySettingsTests.Bind(("Telemetry:Metrics:Rules:0:Deny", "true"), ("Telemetry:Metrics:Rules:0:Drop", "user"), ("Telemetry:Metrics:Rules:0:Bukets:0", "1")).Warnings;

        Assert.That(warnings, Has.Count.EqualTo(2));
        Assert.That(warnings, Has.Some.StartWith("Telemetry:Metrics:Rules:0:Drop is not a known setting and is ignored; a rule has Meter, Instrument, Deny"));
        Assert.That(warnings, Has.Some.StartWith("Telemetry:Metrics:Rules:0:Bukets "));
    }

    [Test]
    public void A_text_in_the_place_of_the_list_is_an_error() =>
        Assert.That(() => TelemetrySettingsTests.Bind(("Telemetry:Metrics:Rules", "deny all")), Throws.TypeOf<TelemetryConfigurationException>().With.Message.Contains("Telemetry:Metrics:Rules: it is a text"));
}
