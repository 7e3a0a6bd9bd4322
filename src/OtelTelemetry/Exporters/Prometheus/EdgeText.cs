using System.Runtime.InteropServices;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>The rendered ends of a family's bucket or quantile lines, <c>,le="0.5"} </c>, for one list of bounds. Immutable.</summary>
internal sealed class EdgeText
{
    private readonly double[] _edges;
    private readonly byte[] _text;
    private readonly int[] _ends;

    /// <summary>Renders the ends.</summary>
    /// <param name="label"><c>le</c> or <c>quantile</c>.</param>
    /// <param name="edges">The bounds or quantiles.</param>
    /// <param name="withInfinity">Whether +Inf follows them.</param>
    /// <param name="close">What ends every line's labels: scope labels and the brace.</param>
    /// <param name="openMetrics">Whether numbers are written OpenMetrics' way.</param>
    public EdgeText(string label, ReadOnlySpan<double> edges, bool withInfinity, string close, bool openMetrics)
    {
        _edges = edges.ToArray();
        _ends = new int[edges.Length + (withInfinity ? 1 : 0)];
        var text = new List<byte>();
        for (var i = 0; i < _ends.Length; i++)
        {
            var edge = i < edges.Length ? edges[i] : double.PositiveInfinity;
            text.AddRange(new TextBuilder().Add(',').AddLabel(label, NumberText.Label(edge, openMetrics)).Add(close).ToUtf8());
            _ends[i] = text.Count;
        }

        _text = [.. text];
    }

    /// <summary>The length of all pieces together.</summary>
    public int TotalLength => _text.Length;

    /// <summary>Whether this was rendered for these bounds.</summary>
    public bool Fits(ReadOnlySpan<double> edges) =>
        edges.Length == _edges.Length
        // Bit for bit: NaN equals itself here, and 0 is not -0.
        && MemoryMarshal.AsBytes(edges).SequenceEqual(MemoryMarshal.AsBytes(_edges.AsSpan()));

    /// <summary>A piece; without its comma when it comes first.</summary>
    public ReadOnlySpan<byte> Piece(int index, bool first)
    {
        var start = index == 0 ? 0 : _ends[index - 1];
        if (first) start++;
        return _text.AsSpan(start, _ends[index] - start);
    }
}
