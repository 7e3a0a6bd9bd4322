using Microsoft.Extensions.Configuration;

namespace OtelTelemetry.Configuration;

/// <summary>Finds keys of section <c>Telemetry</c> that nobody reads and that look like a misspelt one. Others are left alone: further packages have keys of their own.</summary>
internal static class UnknownKeys
{
    /// <summary>The most letters by which a misspelt key may differ.</summary>
    internal const int MostDifferences = 2;

    public static void Report(IConfiguration section, IReadOnlySet<string> knownPaths, SettingReport report)
    {
        var known = new HashSet<string>(knownPaths, StringComparer.OrdinalIgnoreCase);
        foreach (var path in knownPaths)
        {
            for (var end = path.LastIndexOf(':'); end > 0; end = path.LastIndexOf(':', end - 1)) known.Add(path[..end]);
        }

        Visit(section, "", known, knownPaths, report);
    }

    private static void Visit(IConfiguration section, string parent, HashSet<string> known, IReadOnlySet<string> leaves, SettingReport report)
    {
        foreach (var child in section.GetChildren())
        {
            var path = parent + child.Key;
            if (!known.Contains(path))
            {
                if (Nearest(path, parent, known) is { } nearest)
                {
                    report.Warn($"{SettingBinder.Section}:{path}", $"is not a known setting and is ignored; did you mean {SettingBinder.Section}:{nearest}?");
                }
            }
            else if (!leaves.Contains(path) || leaves.Any(leaf => leaf.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase)))
            {
                Visit(child, path + ":", known, leaves, report);
            }
        }
    }

    private static string? Nearest(string path, string parent, HashSet<string> known) => NearestName.Of(
        path,
        known.Where(candidate => candidate.StartsWith(parent, StringComparison.OrdinalIgnoreCase) && candidate.IndexOf(':', parent.Length) < 0),
        MostDifferences);
}
