using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Tests.Conventions;

/// <summary>docs/diagnostics.md tells everything the library can have to say, and nothing else; what it says always has an id.</summary>
public partial class DiagnosticsPageTests
{
    private static readonly string s_root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));
    private static readonly string[][] s_rows = [.. File.ReadAllLines(Path.Combine(s_root, "docs", "diagnostics.md"))
        .Where(line => RowStart().IsMatch(line))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];

    private static readonly Diagnostic[] s_all = [.. typeof(Diagnostic).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (Diagnostic)field.GetValue(null)!)];

    [Test]
    public void Every_diagnostic_has_a_row_and_every_row_a_diagnostic() =>
        Assert.That(s_rows.Select(row => $"{row[0]} {row[1]}"), Is.EqualTo(s_all.OrderBy(one => one.Id).Select(one => $"{one.Id} {one.Name}")));

    [Test]
    public void Every_row_states_what_it_says_its_cause_and_its_remedy() =>
        Assert.That(s_rows.Where(row => row.Length != 5 || row.Skip(2).Any(cell => cell.Length < 5)).Select(row => row[1]), Is.Empty);

    [Test]
    public void Ids_and_names_are_there_once() =>
        Assert.That((s_all.DistinctBy(one => one.Id).Count(), s_all.DistinctBy(one => one.Name).Count()), Is.EqualTo((s_all.Length, s_all.Length)));

    [Test]
    public void Every_diagnostic_is_used()
    {
        var source = string.Join('\n', Sources().Select(File.ReadAllText));

        Assert.That(s_all.Where(one => !source.Contains($"Diagnostic.{one.Name}", StringComparison.Ordinal)).Select(one => one.Name), Is.Empty);
    }

    [Test]
    public void Nothing_is_logged_without_an_id()
    {
        var found = Sources()
            .SelectMany(path => LogCall().Matches(File.ReadAllText(path)).Select(match => $"{Path.GetFileName(path)}: {match.Value}"))
            .ToList();

        Assert.That(found, Is.Empty, "Give the call an id of Diagnostic, and a row in docs/diagnostics.md.");
    }

    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(Path.Combine(s_root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    [GeneratedRegex(@"^\| \d+ \|")]
    private static partial Regex RowStart();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\((?>\s*)(?!Diagnostic\.)[^\s]*")]
    private static partial Regex LogCall();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
