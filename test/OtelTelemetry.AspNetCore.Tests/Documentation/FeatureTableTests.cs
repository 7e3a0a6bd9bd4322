using System.Text.RegularExpressions;

namespace OtelTelemetry.AspNetCore.Tests.Documentation;

/// <summary>docs/features.md tells the state of every feature, and what it calls done is proved by tests that exist.</summary>
public class FeatureTableTests
{
    private static readonly (char Group, int Count)[] s_groups = [('P', 16), ('C', 10), ('D', 24), ('I', 14), ('U', 9), ('X', 15)];

    private static readonly Lazy<string[]> s_tests = new(() =>
        [.. Directory.GetFiles(Page.PathInRepository("test"), "*.cs", SearchOption.AllDirectories).Where(path => !path.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText)]);

    private static IEnumerable<Row> Rows =>
        Regex.Matches(Page.Named("docs/features.md").Prose(), @"^\| ([A-Z][0-9]+) \|(.*)\|(.*)\|(.*)\|$", RegexOptions.Multiline)
            .Select(match => new Row(match.Groups[1].Value, match.Groups[2].Value.Trim(), match.Groups[3].Value.Trim(), match.Groups[4].Value.Trim()));

    [Test]
    public void Every_feature_stands_there_once() =>
        Assert.That(Rows.Select(row => row.Id), Is.EqualTo(s_groups.SelectMany(group => Enumerable.Range(1, group.Count).Select(number => $"{group.Group}{number}"))));

    [Test]
    public void Every_state_is_done_partly_or_planned() =>
        Assert.That(Rows.Where(row => !Regex.IsMatch(row.State, @"^(done|planned|partly; missing: .+)$")), Is.Empty);

    [Test]
    public void What_is_done_or_partly_done_has_a_test_and_what_is_planned_has_none() =>
        Assert.That(Rows.Where(row => row.State == "planned" ? row.Proof.Length > 0 : Citations(row.Proof).Length == 0), Is.Empty);

    [Test]
    public void Every_test_that_is_cited_exists() => Assert.That(Rows.SelectMany(row => Citations(row.Proof)).Distinct().Where(test => !Exists(test)), Is.Empty);

    [TestCase("FeatureTableTests.Every_feature_stands_there_once", ExpectedResult = true)]
    [TestCase("FeatureTableTests.No_such_test", ExpectedResult = false)]
    [TestCase("LinkTests.Every_feature_stands_there_once", ExpectedResult = false)]
    public bool A_citation_is_a_class_and_one_of_its_tests(string citation) => Exists(citation);

    /// <summary>Every code span with a dot in the last column.</summary>
    private static string[] Citations(string proof) => [.. Regex.Matches(proof, @"`(\w+\.\w+)`").Select(match => match.Groups[1].Value)];

    private static bool Exists(string citation)
    {
        var parts = citation.Split('.');
        return s_tests.Value.Any(text =>
            Regex.IsMatch(text, $@"\bclass {parts[0]}\b") && Regex.IsMatch(text, $@"^    public (async )?(void|Task|bool) {parts[1]}\(", RegexOptions.Multiline));
    }

    private sealed record Row(string Id, string Use, string State, string Proof);
}
