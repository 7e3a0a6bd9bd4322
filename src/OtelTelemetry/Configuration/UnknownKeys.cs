using Microsoft.Extensions.Configuration;

namespace OtelTelemetry.Configuration;

/// <summary>Finds keys of section <c>Telemetry</c> that nobody reads and that look like a misspelt one. Others are left alone: further packages have keys of their own.</summary>
internal static class UnknownKeys
{
    /// <summary>The most letters by which a misspelt key may differ.</summary>
    private const int MostDifferences = 2;

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
                    report.Warnings.Add($"{SettingBinder.Section}:{path} is not a known setting and is ignored; did you mean {SettingBinder.Section}:{nearest}?");
                }
            }
            else if (!leaves.Contains(path) || leaves.Any(leaf => leaf.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase)))
            {
                Visit(child, path + ":", known, leaves, report);
            }
        }
    }

    private static string? Nearest(string path, string parent, HashSet<string> known) =>
        known.Where(candidate => candidate.StartsWith(parent, StringComparison.OrdinalIgnoreCase) && candidate.IndexOf(':', parent.Length) < 0)
            .Select(candidate => (candidate, distance: Distance(candidate.ToUpperInvariant(), path.ToUpperInvariant())))
            .Where(pair => pair.distance <= MostDifferences)
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Select(pair => pair.candidate)
            .FirstOrDefault();

    /// <summary>How many letters must be added, left out or exchanged (Levenshtein distance).</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j - 1], above) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[right.Length];
    }
}
