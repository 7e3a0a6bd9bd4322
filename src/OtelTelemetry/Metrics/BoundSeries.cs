using OtelTelemetry.Metrics.Labels;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Metrics;

/// <summary>
/// A series of one of this library's metrics, resolved once: recording through it needs no look-up.
/// Keep it in a field where a call site always uses the same label values.
/// </summary>
public abstract class BoundSeries : Series
{
    /// <summary>The tick of <see cref="Diagnostics.ExemplarSampling"/> in which an exemplar was last looked for.</summary>
    private protected int ExemplarTick;

    private protected BoundSeries(MetricInstrument instrument, in LabelValues values)
    {
        Instrument = instrument;
        Values = values;
    }

    /// <inheritdoc/>
    public override int LabelCount => Instrument.ConstantLabels.Length + Values.Count;

    /// <summary>The metric this series belongs to.</summary>
    internal MetricInstrument Instrument { get; }

    /// <summary>The label values, in the order of the metric's label names.</summary>
    internal readonly LabelValues Values;

    /// <summary>The hash of <see cref="Values"/>; owned by the series table.</summary>
    internal int Hash;

    /// <inheritdoc/>
    public override KeyValuePair<string, string> GetLabel(int index)
    {
        var constants = Instrument.ConstantLabels;
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, constants.Length + Values.Count);
        if (index < constants.Length) return constants[index];
        var own = index - constants.Length;
        return ReferenceEquals(this, Instrument.OverflowSeries)
            ? MetricInstrument.OverflowLabel
            : new(Instrument.LabelNameArray[own], Values[own]);
    }

    /// <summary>Changes whenever something was recorded: how idle series are told from busy ones without a clock on the hot path.</summary>
    internal abstract long ActivityMark();

    /// <summary>Ends the series if nothing was recorded since <paramref name="mark"/> was read. From then on, records through a
    /// kept handle go to the series that takes its place.</summary>
    internal abstract bool TryRetire(long mark);

    /// <summary>The labels as <see cref="System.Diagnostics.Metrics"/> wants them.</summary>
    internal KeyValuePair<string, object?>[] MakeTags()
    {
        var tags = new KeyValuePair<string, object?>[LabelCount];
        for (var i = 0; i < tags.Length; i++)
        {
            var (name, value) = GetLabel(i);
            // OpenTelemetry marks its overflow point with a boolean (metrics SDK, section "Overflow attribute").
            tags[i] = new(name, name == MetricInstrument.OverflowLabel.Key ? true : value);
        }

        return tags;
    }
}
