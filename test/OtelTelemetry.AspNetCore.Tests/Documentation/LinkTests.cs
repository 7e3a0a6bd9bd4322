using System.Text.RegularExpressions;

namespace OtelTelemetry.AspNetCore.Tests.Documentation;

/// <summary>Links between the pages lead somewhere.</summary>
public class LinkTests
{
    private static IEnumerable<string> Pages => Page.All.Select(page => page.Name);

    [TestCaseSource(nameof(Pages))]
    public void Every_link_leads_somewhere(string page) => Assert.That(Broken(Page.Named(page)), Is.Empty);

    [Test]
    public void Links_are_found() => Assert.That(Links(Page.Named("README.md")), Has.Some.EqualTo("docs/metrics.md"));

    [Test]
    public void Every_page_is_reached_from_the_readme()
    {
        var linked = Links(Page.Named("README.md")).Select(link => link.Split('#')[0]);
        Assert.That(Page.All.Select(page => page.Name).Where(name => name.StartsWith("docs/", StringComparison.Ordinal)), Is.SubsetOf(linked));
    }

    private static IEnumerable<string> Links(Page page) =>
        Regex.Matches(page.Prose(), @"\]\(([^)\s]+)\)").Select(match => match.Groups[1].Value).Where(link => !link.Contains("://", StringComparison.Ordinal));

    private static IEnumerable<string> Broken(Page page)
    {
        foreach (var link in Links(page))
        {
            var parts = link.Split('#');
            var path = parts[0].Length == 0 ? page.FilePath : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page.FilePath)!, parts[0]));
            if (!File.Exists(path) && !Directory.Exists(path)) yield return $"{link}: there is no such file";
            else if (parts.Length > 1 && !Anchors(File.ReadAllText(path)).Contains(parts[1])) yield return $"{link}: there is no such heading";
        }
    }

    /// <summary>Headings as Markdown renderers turn them into anchors: lower case, letters, digits and hyphens.</summary>
    private static IEnumerable<string> Anchors(string text) =>
        Regex.Matches(text, "^#+ (.*)$", RegexOptions.Multiline)
            .Select(match => Regex.Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "[^a-z0-9 _-]", "").Replace(' ', '-'));
}
