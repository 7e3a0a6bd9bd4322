using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>The rendered ends of a family's bucket or quantile lines, <c>,le="0.5"} </c>, for one list of bounds. Immutable.</summary>
internal sealed class EdgeText
{
    private readonly double[] _edges;
    private readonly byte[] _text;
    private readonly int[] _starts;

    /// <summary>Renders the ends.</summary>
    /// <param name="label"><c>le</c> or <c>quantile</c>.</param>
    /// <param name="edges">The bounds or quantiles.</param>
    /// <param name="withInfinity">Whether +Inf follows them.</param>
    /// <param name="close">What ends every line's labels: scope labels and the brace.</param>
    /// <param name="openMetrics">Whether numbers are written OpenMetrics' way.</param>
    public EdgeText(string label, ReadOnlySpan<double> edges, bool withInfinity, string close, bool openMetrics)
    {
        _edges = edges.ToArray();
        var count = edges.Length + (withInfinity ? 1 : 0);
        _starts = new int[count + 1];
        var text = new List<byte>();
        for (var i = 0; i < count; i++)
        {
            var edge = i < edges.Length ? edges[i] : double.PositiveInfinity;
            text.AddRange(new TextBuilder().Add(',').AddLabel(label, NumberText.Label(edge, openMetrics)).Add(close).ToUtf8());
            _starts[i + 1] = text.Count;
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

    /// <summary>A piece.</summary>
    /// <param name="index">Its position.</param>
    /// <param name="skip">1 to leave out its comma, because no label comes before it; otherwise 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Piece(int index, int skip)
    {
        var start = _starts[index] + skip;
        return new ReadOnlySpan<byte>(_text, start, _starts[index + 1] - start);
    }
}
