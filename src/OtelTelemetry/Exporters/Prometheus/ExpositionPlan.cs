using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>In which order and under which names the families of a collection are written. Made once and used as long as collections
/// bring the same families in the same order, which is nearly always. Immutable.</summary>
internal sealed class ExpositionPlan(MetricDescriptor[] input, ExpositionPlan.Entry[] entries, IReadOnlyList<string> leftOut)
{
    public static readonly ExpositionPlan Empty = new([], [], []);

    /// <summary>The families to write, in order.</summary>
    public ReadOnlySpan<Entry> Entries => entries;

    /// <summary>Why families were left out, each once.</summary>
    public IReadOnlyList<string> LeftOut => leftOut;

    /// <summary>Whether the plan was made for these families.</summary>
    public bool Fits(IReadOnlyList<MetricFamilyReader> families)
    {
        if (families.Count != input.Length) return false;
        for (var i = 0; i < input.Length; i++)
        {
            if (!ReferenceEquals(families[i].Descriptor, input[i])) return false;
        }

        return true;
    }

    /// <summary>What was rendered for a family, to be used again by the next plan.</summary>
    public Dictionary<MetricDescriptor, FamilyText> Texts()
    {
        var texts = new Dictionary<MetricDescriptor, FamilyText>(ReferenceEqualityComparer.Instance);
        foreach (var entry in entries) texts[entry.Text.Descriptor] = entry.Text;
        return texts;
    }

    /// <summary>One family of the plan.</summary>
    /// <param name="Index">Its position in the collection.</param>
    /// <param name="Text">Its rendered parts.</param>
    /// <param name="Header">The metadata lines, when a new block begins with it; null when it continues the block before.</param>
    internal readonly record struct Entry(int Index, FamilyText Text, byte[]? Header);
}
