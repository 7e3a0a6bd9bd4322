using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Tests.Conventions;

/// <summary>docs/configuration.md tells every setting, and none that does not exist.</summary>
public class ConfigurationPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "docs", "configuration.md"));

    [Test]
    public void Every_key_of_the_section_stands_in_the_table()
    {
        var documented = Keys().ToList();
        Assert.That(Known().Where(key => !documented.Any(pattern => IsMeant(pattern, key))), Is.Empty);
    }

    [Test]
    public void Every_key_in_the_table_exists() =>
        Assert.That(Keys().Where(pattern => !Known().Any(key => IsMeant(pattern, key))), Is.Empty);

    [Test]
    public void Every_property_of_every_options_class_is_named()
    {
        var properties = typeof(TelemetryOptions).Assembly.GetExportedTypes()
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))
            .SelectMany(type => type.GetProperties().Where(property => IsSetting(property) && property.DeclaringType == type))
            .Select(property => (Owner: property.DeclaringType!.Name, property.Name))
            .ToList();

        Assert.That(properties, Has.Count.GreaterThan(60));
        Assert.That(properties.Where(property => !Regex.IsMatch(s_page, $"`([A-Za-z:]+:)?{property.Name}`")), Is.Empty);
    }

    /// <summary>Not what holds further options: those are named by their own properties.</summary>
    private static bool IsSetting(PropertyInfo property) =>
        !property.GetMethod!.IsStatic && !property.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal);

    private static IReadOnlySet<string> Known()
    {
        var binder = new SettingBinder(new ConfigurationBuilder().Build(), new SettingReport());
        TelemetryBinding.Bind(binder, new TelemetryOptions());
        return binder.KnownPaths;
    }

    /// <summary>The first column of the table of settings. A name alone belongs to the section of the first key of its row; <c>…</c> stands for any key.</summary>
    private static IEnumerable<string> Keys()
    {
        var table = s_page[s_page.IndexOf("| key in `Telemetry` |", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("\n\n", StringComparison.Ordinal)];
        foreach (Match row in Regex.Matches(table, @"^\| (`.*?) \|", RegexOptions.Multiline))
        {
            var names = Regex.Matches(Regex.Replace(row.Groups[1].Value, @"\(.*?\)", ""), "`([^`]+)`").Select(match => match.Groups[1].Value).ToArray();
            var section = names[0].Contains(':', StringComparison.Ordinal) ? names[0][..(names[0].LastIndexOf(':') + 1)] : "";
            foreach (var name in names) yield return name.Contains(':', StringComparison.Ordinal) ? name : section + name;
        }
    }

    private static bool IsMeant(string pattern, string key) =>
        pattern.EndsWith('…') ? key.StartsWith(pattern[..^1], StringComparison.Ordinal) : key == pattern;

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
