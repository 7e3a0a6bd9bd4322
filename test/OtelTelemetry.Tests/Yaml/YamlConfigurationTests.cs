using System.Text;
using Microsoft.Extensions.Configuration;
using OtelTelemetry.Tests.Support;
using OtelTelemetry.Yaml;

namespace OtelTelemetry.Tests.Yaml;

public class YamlConfigurationTests
{
    // The same value in both, and so the same text in the configuration.
    [TestCase("true", "true")]
    [TestCase("False", "false")]
    [TestCase("12", "12")]
    [TestCase("-0.5", "-0.5")]
    [TestCase("1e3", "1e3")]
    [TestCase("~", "null")]
    [TestCase("", "null")]
    [TestCase("null", "null")]
    [TestCase("{}", "{}")]
    [TestCase("[]", "[]")]
    [TestCase("''", "\"\"")]
    [TestCase("\"true\"", "\"true\"")]
    [TestCase("'a: b # c'", "\"a: b # c\"")]
    [TestCase("plain text", "\"plain text\"")]
    [TestCase("[a, [b, {c: 1}], null]", "[\"a\", [\"b\", {\"c\": 1}], null]")]
    [TestCase("{x: {y: z}, w: [1, 2]}", "{\"x\": {\"y\": \"z\"}, \"w\": [1, 2]}")]
    public void A_value_is_read_as_the_JSON_provider_reads_it(string yaml, string json) =>
        Assert.That(Data(Yaml($"key: {yaml}\n")), Is.EqualTo(Data(Json($"{{\"key\": {json}}}"))));

    [TestCase("0x1F", "31")]
    [TestCase("0o17", "15")]
    [TestCase("0x", "0x")]
    [TestCase("0o8", "0o8")]
    [TestCase("012", "012")]
    [TestCase(".inf", "Infinity")]
    [TestCase("-.INF", "-Infinity")]
    [TestCase(".NaN", "NaN")]
    [TestCase("yes", "yes")]
    [TestCase("12:30:45", "12:30:45")]
    [TestCase("10s", "10s")]
    [TestCase("!!str 0x1F", "0x1F")]
    [TestCase("!!int '0x1F'", "31")]
    [TestCase("!!null 'x'", null)]
    [TestCase("! true", "true")]
    [TestCase("|\n  two\n  lines\n", "two\nlines\n")]
    [TestCase(">-\n  one\n  line\n", "one line")]
    public void Scalars_are_those_of_the_core_schema(string yaml, string? expected) => Assert.That(Yaml($"key: {yaml}\n")["key"], Is.EqualTo(expected));

    [Test]
    public void Anchors_aliases_and_merge_keys_work()
    {
        var configuration = Yaml(
            """
            defaults: &defaults
              timeout: 5s
              nested: { a: 1 }
            more: &more { timeout: 9s, extra: yes }
            one: *defaults
            two:
              <<: *defaults
              timeout: 7s
            three:
              <<: [*more, *defaults]
            text: &word hello
            again: [*word, *word]
            """);

        Assert.That((configuration["one:timeout"], configuration["one:nested:a"]), Is.EqualTo(("5s", "1")));
        Assert.That((configuration["two:timeout"], configuration["two:nested:a"]), Is.EqualTo(("7s", "1")));
        Assert.That((configuration["three:timeout"], configuration["three:extra"], configuration["three:nested:a"]), Is.EqualTo(("9s", "yes", "1")));
        Assert.That((configuration["again:0"], configuration["again:1"]), Is.EqualTo(("hello", "hello")));
        Assert.That(configuration["two:<<"], Is.Null);
    }

    [TestCase("")]
    [TestCase("# only a comment\n")]
    [TestCase("---\n...\n")]
    [TestCase("{}")]
    public void An_empty_document_has_no_settings(string yaml) => Assert.That(Data(Yaml(yaml)), Is.Empty);

    // What is wrong, where it is, what the message and its remedy must say.
    [TestCase("a:\n\tb: 1\n", "line 2, column 1", "a tab indents this line", "Indent with spaces")]
    [TestCase("a:\n  b: 1\n\tc: 2\n", "line 3, column 1", "a tab indents this line", "Indent with spaces")]
    [TestCase("a: 1\nb: 2\na: 3\n", "line 3, column 1", "the key 'a' is there already, in line 1", "Remove one")]
    [TestCase("a: 1\nA: 3\n", "line 2, column 1", "'A' is the same setting as 'a'", "Remove one")]
    [TestCase("a: {b: 1}\na:b: 2\n", "line 2, column 6", "the setting 'a:b' is there already", "Remove one")]
    [TestCase("telemetry:\n  service_name: a\n  ServiceName: b\n", "line 3, column 3", "'ServiceName' is the same setting as 'service_name', in line 2", "Remove one")]
    [TestCase("a: [1, 2\nb: 3\n", "line 1", "this is not YAML", "close what is opened")]
    [TestCase("a: 'x\n", "line 1, column 4", "this is not YAML", "Close the quote")]
    [TestCase("a: b: c\n", "line 1, column 5", "this is not YAML", "in quotes")]
    [TestCase("a: @x\n", "line 1, column 4", "cannot start any token", "in quotes")]
    [TestCase("a: *nope\n", "line 1, column 4", "'*nope' names no anchor", "&nope")]
    [TestCase("a: &x {b: *x}\n", "line 1, column 11", "stands within what it names", "another node")]
    [TestCase("a: !secret x\n", "line 1, column 4", "the tag '!secret' is not known", "Remove it")]
    [TestCase("? [a, b]\n: c\n", "line 1, column 3", "a key is an object or a list", "Use a text")]
    [TestCase("- a\n- b\n", "line 1, column 1", "the document is not an object", "telemetry:")]
    [TestCase("just text", "line 1, column 1", "the document is not an object", "telemetry:")]
    [TestCase("a: 1\n---\nb: 2\n", "line 2, column 1", "a second document begins here", "one document")]
    [TestCase("a: {<<: text}\n", "line 1, column 9", "merges something that is not an object", "<<: *defaults")]
    [TestCase("a: \"\\q\"\n", "line 1", "unknown escape", "single quotes")]
    public void What_is_wrong_is_told_with_file_line_column_and_remedy(string yaml, string place, string says, string remedy)
    {
        using var folder = new SettingFolder();
        var builder = new ConfigurationBuilder().AddTelemetryYamlFile(folder.Write("telemetry.yaml", yaml));

        var error = Assert.Throws<TelemetryConfigurationException>(() => builder.Build())!.Errors.Single();

        Assert.That(error.ToString(), Does.StartWith($"telemetry.yaml: {place}").And.Contain(says));
        Assert.That(error.Remedy, Does.Contain(remedy));
    }

    [Test]
    public void A_document_that_repeats_itself_without_end_is_refused_quickly()
    {
        var laughs = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (var i = 1; i < 30; i++) laughs.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n");
        Assert.That(() => Yaml(laughs.ToString()), Throws.TypeOf<TelemetryConfigurationException>().With.Message.Contains("with its aliases"));

        var merges = new StringBuilder("m0: &m0 {x: 1}\n");
        for (var i = 1; i < 60; i++) merges.Append(System.Globalization.CultureInfo.InvariantCulture, $"m{i}: &m{i} {{<<: [*m{i - 1}, *m{i - 1}]}}\n");
        Assert.That(() => Yaml(merges.ToString()), Throws.TypeOf<TelemetryConfigurationException>().With.Message.Contains("with its aliases"));

        var long1 = new StringBuilder($"k: &k {{{new string('k', 1000)}: {new string('v', 1_000_000)}}}\nall: [");
        for (var i = 0; i < 100; i++) long1.Append("*k, ");
        Assert.That(() => Yaml(long1.Append("]\n").ToString()), Throws.TypeOf<TelemetryConfigurationException>().With.Message.Contains("with its aliases"));
    }

    [Test]
    public void Depth_and_size_are_bounded()
    {
        Assert.That(Yaml("a: " + new string('[', 60) + "1" + new string(']', 60))["a" + string.Concat(Enumerable.Repeat(":0", 60))], Is.EqualTo("1"));
        Assert.That(() => Yaml("a: " + new string('[', 100_000)), Throws.TypeOf<TelemetryConfigurationException>().With.Message.Contains($"more than {YamlLimits.Depth} deep"));
        Assert.That(() => Yaml("a: [" + string.Join(", ", Enumerable.Range(0, YamlLimits.Nodes)) + "]"), Throws.TypeOf<TelemetryConfigurationException>().With.Message.Contains($"more than {YamlLimits.Nodes} parts"));
        Assert.That(() => Yaml("a: " + new string('x', YamlLimits.Characters)), Throws.TypeOf<TelemetryConfigurationException>().With.Message.Contains("characters"));
    }

    /// <summary>Whatever stands in a file: settings, or an error that says where.</summary>
    [Test]
    public void Any_text_is_settings_or_an_error_with_its_place()
    {
        const string alphabet = "ab:1 \n\t-[]{},'\"&*!|>#%@?~.\\<";
        var random = new Random(4711);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
            try
            {
                Yaml(text);
                read++;
            }
            catch (TelemetryConfigurationException exception)
            {
                Assert.That(exception.Message, Does.Contain("line ").And.Contain("column "), text);
                refused++;
            }
        }

        Assert.That(read, Is.GreaterThan(100));
        Assert.That(refused, Is.GreaterThan(100));
    }

    [Test]
    public void A_missing_file_is_an_error_unless_it_is_optional()
    {
        using var folder = new SettingFolder();
        var missing = folder.Write("there.yaml", "a: 1") + ".not";
        Assert.That(() => new ConfigurationBuilder().AddTelemetryYamlFile(missing).Build(), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("there.yaml.not"));
        Assert.That(Data(new ConfigurationBuilder().AddTelemetryYamlFile(missing, optional: true).Build()), Is.Empty);
    }

    [Test]
    public void A_file_is_read_again_when_asked()
    {
        using var folder = new SettingFolder();
        var path = folder.Write("telemetry.yaml", "\ufeffa: 1\n");
        var configuration = new ConfigurationBuilder().AddTelemetryYamlFile(path).Build();
        Assert.That(configuration["a"], Is.EqualTo("1"));

        File.WriteAllText(path, "a: 2\n");
        configuration.Reload();

        Assert.That(configuration["a"], Is.EqualTo("2"));
    }

    private static IConfigurationRoot Yaml(string text) => new ConfigurationBuilder().AddTelemetryYamlStream(new MemoryStream(Encoding.UTF8.GetBytes(text))).Build();

    private static IConfigurationRoot Json(string text) => new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(text))).Build();

    private static Dictionary<string, string?> Data(IConfiguration configuration) => configuration.AsEnumerable().ToDictionary(pair => pair.Key, pair => pair.Value);
}
