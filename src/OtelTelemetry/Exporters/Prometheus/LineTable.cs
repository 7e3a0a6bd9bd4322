using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>
/// The beginnings of a family's lines, up to their numbers, one behind the other in the order in which the series were visited last.
/// Reading on is then reading one array from front to back, where text that hangs on each series means two cache misses a line.
/// Immutable; an entry is used only for the very series it was made of.
/// </summary>
internal sealed class LineTable
{
    /// <summary>Families with fewer series fit the processor's caches as they are.</summary>
    public const int SmallestFamily = 512;

    /// <summary>The bytes of one vector.</summary>
    public const int Slack = 32;

    private readonly Series[] _series;
    private readonly int[] _ends;
    private readonly byte[] _text;

    private LineTable(Series[] series, int[] ends, byte[] text)
    {
        _series = series;
        _ends = ends;
        _text = text;
    }

    /// <summary>The beginning of a series' line; empty when another series came at this turn.</summary>
    public ReadOnlySpan<byte> Find(int turn, Series series)
    {
        var all = _series;
        if ((uint)turn >= (uint)all.Length || !ReferenceEquals(all[turn], series)) return default;
        var start = turn == 0 ? 0 : _ends[turn - 1];
        return _text.AsSpan(start, _ends[turn] - start);
    }

    /// <summary>Copies what <see cref="Find"/> gave, in whole vectors: a line is short, and finding out how short costs the general
    /// routine as long as the copy. Reads and writes up to <see cref="Slack"/> bytes too many; the table ends in as many, and the
    /// buffer must have room for them.</summary>
    public static void Copy(ReadOnlySpan<byte> begin, Span<byte> buffer)
    {
        ref var from = ref MemoryMarshal.GetReference(begin);
        ref var to = ref MemoryMarshal.GetReference(buffer[..(begin.Length + Slack)]);
        for (nuint i = 0; i < (nuint)begin.Length; i += Slack) Vector256.LoadUnsafe(ref from, i).StoreUnsafe(ref to, i);
    }

    /// <summary>Collects lines while they are written.</summary>
    internal sealed class Builder
    {
        private readonly List<Series> _series = [];
        private readonly List<int> _ends = [];
        private readonly List<byte> _text = [];

        public void Add(Series series, ReadOnlySpan<byte> begin)
        {
            _series.Add(series);
            _text.AddRange(begin);
            _ends.Add(_text.Count);
        }

        public LineTable Build() => new([.. _series], [.. _ends], [.. _text, .. new byte[Slack]]);
    }
}
