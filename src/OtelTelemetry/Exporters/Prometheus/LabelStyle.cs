using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>All that decides how a series' labels are rendered, as one small number, so that rendered text can be kept under it.</summary>
/// <param name="Escaping">What happens to unusual names.</param>
/// <param name="KeepUtf8">False: names are made legal before they are escaped.</param>
/// <param name="HasScope">Whether scope labels follow, whose names the series' own must then not have.</param>
internal readonly record struct LabelStyle(PrometheusEscaping Escaping, bool KeepUtf8, bool HasScope)
{
    private const string ScopePrefix = "otel_scope_";

    /// <summary>The styles' numbers are bits of this.</summary>
    public ushort Bit => (ushort)(1 << ((int)Escaping + (HasScope ? 4 : 0) + (KeepUtf8 ? 8 : 0)));

    /// <summary>Renders labels without braces: <c>a="1",b="2"</c>.</summary>
    /// <param name="series">The series.</param>
    /// <param name="reserved">A label the format adds itself (<c>le</c>, <c>quantile</c>), or null.</param>
    /// <param name="validFor">The styles in which these labels look the same.</param>
    public byte[] Render(Series series, string? reserved, out ushort validFor)
    {
        var text = new TextBuilder();
        foreach (var (name, _, value) in Resolve(series, reserved, out validFor))
        {
            if (text.Length > 0) text.Add(',');
            text.AddLabel(name, value);
        }

        return text.ToUtf8();
    }

    /// <summary>The labels under the names they are exported with, no name twice.</summary>
    /// <param name="series">The series.</param>
    /// <param name="reserved">A label the format adds itself (<c>le</c>, <c>quantile</c>), or null.</param>
    /// <param name="validFor">The styles in which these labels look the same.</param>
    public List<(string Name, string Original, string Value)> Resolve(Series series, string? reserved, out ushort validFor)
    {
        var labels = new List<(string Name, string Original, string Value)>(series.LabelCount);
        var plain = true;
        var underscores = false;
        for (var i = 0; i < series.LabelCount; i++)
        {
            var (original, value) = series.GetLabel(i);
            var name = PrometheusNames.Label(original, Escaping, KeepUtf8);
            if (name == reserved || (HasScope && name.StartsWith(ScopePrefix, StringComparison.Ordinal))) name = "exported_" + name;
            plain &= name == original && PrometheusNames.IsLegacyLabel(name) && !name.Contains("__", StringComparison.Ordinal)
                && !name.StartsWith(ScopePrefix, StringComparison.Ordinal);
            underscores |= name.Contains('_', StringComparison.Ordinal);
            labels.Add((name, original, value));
        }

        validFor = plain ? underscores ? ExceptDots : ushort.MaxValue : Bit;
        validFor |= Bit;
        MergeEqualNames(labels);
        return labels;
    }

    /// <summary>Every style in which a legal name that has an underscore stays as it is.</summary>
    private static ushort ExceptDots
    {
        get
        {
            var bits = 0;
            foreach (var escaping in (ReadOnlySpan<PrometheusEscaping>)[PrometheusEscaping.Underscores, PrometheusEscaping.AllowUtf8, PrometheusEscaping.Values])
            {
                bits |= 0x1111 << (int)escaping;
            }

            return (ushort)bits;
        }
    }

    // Names that became equal: one label, the values in the order of the original names, between semicolons (compatibility specification,
    // section "Metric Attributes").
    private static void MergeEqualNames(List<(string Name, string Original, string Value)> labels)
    {
        for (var i = 0; i < labels.Count; i++)
        {
            var name = labels[i].Name;
            if (labels.FindIndex(i + 1, label => label.Name == name) < 0) continue;

            var same = labels.FindAll(label => label.Name == name);
            var merged = string.Join(';', same.OrderBy(label => label.Original, StringComparer.Ordinal).Select(label => label.Value));
            labels[i] = labels[i] with { Value = merged };
            for (var j = labels.Count - 1; j > i; j--)
            {
                if (labels[j].Name == name) labels.RemoveAt(j);
            }
        }
    }
}
