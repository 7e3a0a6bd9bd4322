using System.Runtime.CompilerServices;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>What was rendered of a series and does not change: its labels, and the text of its last number that was slow to format.
/// Hangs on the series. One per style in which the labels look different, usually one in all.</summary>
internal sealed class SeriesText
{
    private readonly ushort _validFor;
    private readonly SeriesText? _next;
    private CachedNumber? _number;

    private SeriesText(byte[] labels, ushort validFor, SeriesText? next)
    {
        Labels = labels;
        _validFor = validFor;
        _next = next;
    }

    /// <summary>The labels without braces, in UTF-8.</summary>
    public byte[] Labels { get; }

    /// <summary>Finds or renders the text of a series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SeriesText Of(Series series, FamilyText family) =>
        series.TextCache is SeriesText first && (first._validFor & family.LabelsBit) != 0 ? first : Find(series, family);

    private static SeriesText Find(Series series, FamilyText family)
    {
        var first = series.TextCache as SeriesText;
        for (var text = first; text is not null; text = text._next)
        {
            if ((text._validFor & family.LabelsBit) != 0) return text;
        }

        var labels = family.Labels.Render(series, family.Reserved, out var validFor);
        var added = new SeriesText(labels, validFor, first);
        series.TextCache = added;
        return added;
    }

    /// <summary>Writes a number. A fraction costs 150 ns to format, so the text of the last one is kept.</summary>
    public int Write(double value, Span<byte> destination)
    {
        if (NumberText.IsInteger(value, out var integer)) return NumberText.Write(integer, destination);
        var number = _number ??= new CachedNumber();
        return number.Write(value, destination);
    }
}
