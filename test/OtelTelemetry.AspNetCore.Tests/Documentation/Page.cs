using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace OtelTelemetry.AspNetCore.Tests.Documentation;

/// <summary>A page of the documentation, read from the repository.</summary>
internal sealed class Page
{
    private static readonly string s_root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));

    private Page(string path)
    {
        FilePath = path;
        Name = Path.GetRelativePath(s_root, path).Replace('\\', '/');
        Text = File.ReadAllText(path).ReplaceLineEndings("\n");
    }

    public string FilePath { get; }

    /// <summary>Relative to the repository.</summary>
    public string Name { get; }

    public string Text { get; }

    /// <summary>README.md, docs/*.md and what stands beside the README.</summary>
    public static IReadOnlyList<Page> All { get; } =
    [
        .. Directory.GetFiles(s_root, "*.md").Concat(Directory.GetFiles(Path.Combine(s_root, "docs"), "*.md")).Order(StringComparer.Ordinal).Select(path => new Page(path)),
    ];

    public static Page Named(string name) => All.Single(page => page.Name == name);

    public static string PathInRepository(string path) => Path.Combine(s_root, path);

    /// <summary>The fenced blocks of a language.</summary>
    public IEnumerable<Block> Blocks(string language)
    {
        foreach (Match match in Regex.Matches(Text, $"^```{language}\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline))
        {
            var start = match.Groups[1].Index;
            yield return new Block(Name, Text.AsSpan(0, start).Count('\n') + 1, match.Groups[1].Value);
        }
    }

    /// <summary>The page without its fenced blocks, line for line.</summary>
    public string Prose() => Regex.Replace(Text, "^```.*?^```", match => new string('\n', match.Value.Count(c => c == '\n')), RegexOptions.Singleline | RegexOptions.Multiline);

    public override string ToString() => Name;

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

/// <summary>A fenced block.</summary>
/// <param name="Page">Where it stands.</param>
/// <param name="Line">The line of the page on which its text begins, from 1.</param>
/// <param name="Text">Its text.</param>
internal sealed record Block(string Page, int Line, string Text)
{
    public override string ToString() => $"{Page}:{Line}";
}
