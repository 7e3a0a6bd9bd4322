using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Makes an <see cref="ExpositionPlan"/>: sorts families by exported name, makes one block of those that share a name,
/// and leaves out what would break the format.</summary>
internal sealed class ExpositionPlanner
{
    private static readonly string[] s_histogramEndings = ["_count", "_sum", "_bucket"];

    private readonly PrometheusStyle _style;
    private readonly Dictionary<MetricDescriptor, FamilyText> _known;
    private readonly HashSet<string> _sampleNames;
    private readonly List<ExpositionPlan.Entry> _entries = [];
    private readonly List<string> _leftOut = [];

    private ExpositionPlanner(PrometheusStyle style, ExpositionPlan previous, bool targetInfo)
    {
        _style = style;
        _known = previous.Texts();
        _sampleNames = new HashSet<string>(StringComparer.Ordinal);
        if (!targetInfo) return;
        _sampleNames.Add("target_info");
        if (style.OpenMetrics) _sampleNames.Add("target");
    }

    /// <summary>Makes a plan.</summary>
    /// <param name="families">The families of a collection.</param>
    /// <param name="style">How names are rendered.</param>
    /// <param name="targetInfo">Whether target_info is written before them.</param>
    /// <param name="previous">The last plan of the same style, whose rendered parts are used again.</param>
    public static ExpositionPlan Make(IReadOnlyList<MetricFamilyReader> families, PrometheusStyle style, bool targetInfo, ExpositionPlan previous)
    {
        var planner = new ExpositionPlanner(style, previous, targetInfo);
        var input = new MetricDescriptor[families.Count];
        var candidates = new Candidate[families.Count];
        for (var i = 0; i < input.Length; i++)
        {
            var descriptor = input[i] = families[i].Descriptor;
            var sample = PrometheusNames.Sample(descriptor, style.Prefix, style.Escaping, style.KeepUtf8);
            var family = style.OpenMetrics ? PrometheusNames.OpenMetricsFamily(sample, descriptor.Kind) : sample;
            candidates[i] = new Candidate(i, descriptor, sample, family, ScopeLabels(descriptor.Scope));
        }

        Array.Sort(candidates, Compare);
        for (var start = 0; start < candidates.Length;)
        {
            var end = start + 1;
            while (end < candidates.Length && candidates[end].Family == candidates[start].Family) end++;
            planner.AddBlock(candidates.AsSpan(start, end - start));
            start = end;
        }

        return new ExpositionPlan(input, [.. planner._entries], planner._leftOut);
    }

    private void AddBlock(ReadOnlySpan<Candidate> block)
    {
        var first = block[0];
        foreach (var name in first.SampleNames())
        {
            if (!_sampleNames.Contains(name)) continue;
            foreach (var candidate in block) LeaveOut(candidate, $"another metric has the sample name '{name}' already");
            return;
        }

        _sampleNames.UnionWith(first.SampleNames());
        var severalScopes = false;
        foreach (var candidate in block) severalScopes |= candidate.ScopeLabels != first.ScopeLabels;

        var header = Header(block);
        for (var i = 0; i < block.Length; i++)
        {
            var candidate = block[i];
            if (candidate.Type != first.Type)
            {
                LeaveOut(candidate, $"'{first.Descriptor.Name}' of meter '{first.Descriptor.Scope.Name}' has the same exported name and is a {first.Type}, not a {candidate.Type}");
                continue;
            }

            // Two names of one meter that look the same when exported: their series could be the same, too. The same name twice is one
            // metric in parts, which its source keeps apart (by constant labels).
            if (FindTwin(block[..i], candidate) is { } twin)
            {
                LeaveOut(candidate, $"'{twin}' of the same meter has the same exported name");
                continue;
            }

            var scopeLabels = severalScopes || _style.ScopeLabels ? candidate.ScopeLabels : "";
            _entries.Add(new ExpositionPlan.Entry(candidate.Index, Text(candidate, scopeLabels), header));
            header = null;
        }
    }

    private static string? FindTwin(ReadOnlySpan<Candidate> before, Candidate candidate)
    {
        foreach (var other in before)
        {
            if (other.ScopeLabels == candidate.ScopeLabels && Original(other) != Original(candidate)) return Original(other);
        }

        return null;
    }

    /// <summary>The name the metric was made with: a rule can give one name to two.</summary>
    private static string Original(Candidate candidate) => candidate.Descriptor.Origin ?? candidate.Descriptor.Name;

    private FamilyText Text(Candidate candidate, string scopeLabels) =>
        _known.TryGetValue(candidate.Descriptor, out var known) && known.ScopeLabels == scopeLabels
            ? known
            : new FamilyText(candidate.Descriptor, candidate.Sample, scopeLabels, _style);

    // The name of the samples, which is the same in every format: the same conflict is then the same message.
    private void LeaveOut(Candidate candidate, string why) => _leftOut.Add(
        $"Metric '{candidate.Descriptor.Name}' of meter '{candidate.Descriptor.Scope.Name}' is left out of Prometheus scrapes as '{candidate.Sample}': {why}. Rename one of them.");

    private byte[] Header(ReadOnlySpan<Candidate> block)
    {
        var first = block[0];
        var help = "";
        foreach (var candidate in block)
        {
            if (help.Length == 0 && candidate.Type == first.Type) help = candidate.Descriptor.Help;
        }

        var text = new TextBuilder();
        if (!_style.OpenMetrics && help.Length > 0) AddHelp(text, first.Family, help);
        text.Add("# TYPE ").AddMetricName(first.Family).Add(' ').Add(WrittenType(first)).Add('\n');
        if (!_style.OpenMetrics) return text.ToUtf8();

        var unit = PrometheusUnits.Word(first.Descriptor.Unit, first.Descriptor.Kind);
        // OpenMetrics 1.0.0, "Unit": the family's name must end with it.
        if (unit.Length > 0 && first.Family.EndsWith("_" + unit, StringComparison.Ordinal))
        {
            text.Add("# UNIT ").AddMetricName(first.Family).Add(' ').Add(unit).Add('\n');
        }

        if (help.Length > 0) AddHelp(text, first.Family, help);
        return text.ToUtf8();
    }

    /// <summary>A gauge whose name ends like a part of a histogram is written without a type: Prometheus' rules keep those endings for
    /// histograms and summaries, and say nothing of what has no type.</summary>
    private string WrittenType(Candidate candidate)
    {
        var reserved = candidate.Type == "gauge" && s_histogramEndings.Any(ending => candidate.Family.EndsWith(ending, StringComparison.Ordinal));
        return !reserved ? candidate.Type : _style.OpenMetrics ? "unknown" : "untyped";
    }

    // Only OpenMetrics escapes quotes in help texts.
    private void AddHelp(TextBuilder text, string family, string help) =>
        text.Add("# HELP ").AddMetricName(family).Add(' ').AddEscaped(help, quotes: _style.OpenMetrics).Add('\n');

    private static string ScopeLabels(MetricScope scope)
    {
        var text = new TextBuilder();
        foreach (var (name, value) in ScopeLabelSet.Of(scope)) text.Add(',').AddLabel(name, value);
        return text.ToString();
    }

    private static int Compare(Candidate left, Candidate right)
    {
        var order = string.CompareOrdinal(left.Family, right.Family);
        if (order == 0) order = string.CompareOrdinal(left.ScopeLabels, right.ScopeLabels);
        if (order == 0) order = string.CompareOrdinal(left.Descriptor.Name, right.Descriptor.Name);
        return order == 0 ? left.Index.CompareTo(right.Index) : order;
    }

    private sealed record Candidate(int Index, MetricDescriptor Descriptor, string Sample, string Family, string ScopeLabels)
    {
        public string Type { get; } = Descriptor.Kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram or MetricKind.ExponentialHistogram => "histogram",
            MetricKind.Summary => "summary",
            _ => "gauge",
        };

        public string[] SampleNames() => Descriptor.Kind switch
        {
            MetricKind.Histogram or MetricKind.ExponentialHistogram => [Family, Sample + "_bucket", Sample + "_sum", Sample + "_count"],
            MetricKind.Summary => [Sample, Sample + "_sum", Sample + "_count"],
            _ => Family == Sample ? [Sample] : [Sample, Family],
        };
    }
}
