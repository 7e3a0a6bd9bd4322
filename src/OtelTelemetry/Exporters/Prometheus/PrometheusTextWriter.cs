using System.Buffers;
using System.Runtime.CompilerServices;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Writes series as lines into one pooled buffer, and pauses the reading when the buffer has enough to be sent.
/// Serves one scrape; not thread-safe. Text kept on series and families makes a line a few copies and a number.</summary>
internal sealed partial class PrometheusTextWriter : MetricVisitor, IDisposable
{
    /// <summary>The buffer is sent when it has more than this.</summary>
    public const int Mark = 64 * 1024;

    // The largest power of two the shared pool keeps per bucket that leaves as much room past the mark as there is before it:
    // only a series whose lines are longer than that makes the buffer grow.
    private const int Capacity = 2 * Mark;

    // " # {trace_id="32",span_id="16"} value timestamp"
    private const int MaxExemplarLength = 128;

    private readonly bool _exemplars;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Capacity);
    private int _position;
    private int _complete;
    private FamilyText _family = null!;
    private byte[]? _header;
    private LineTable? _lines;
    private LineTable.Builder? _building;
    private int _turn;
    private int _missed;

    /// <summary>Makes a writer.</summary>
    /// <param name="exemplars">Whether exemplars are written, which only OpenMetrics has.</param>
    public PrometheusTextWriter(bool exemplars) => _exemplars = exemplars;

    /// <summary>What was written and not yet cleared.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _position);

    /// <summary>Whether there is enough to be sent.</summary>
    public bool IsPastMark => _position >= Mark;

    /// <summary>How large the buffer is.</summary>
    internal int BufferLength => _buffer.Length;

    /// <summary>Forgets what was sent.</summary>
    public void Clear() => _position = _complete = 0;

    /// <summary>Takes back the lines of a series that was not completed.</summary>
    public void Rollback() => _position = _complete;

    /// <summary>Writes text that belongs to no series.</summary>
    public void WriteRaw(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        Append(text);
        _complete = _position;
    }

    /// <summary>Says whose series follow.</summary>
    /// <param name="family">The family.</param>
    /// <param name="header">The metadata lines of a new block, written with its first series, so that empty blocks leave no trace; null to go on.</param>
    public void Begin(FamilyText family, byte[]? header)
    {
        End();
        _family = family;
        _lines = family.Lines;
        _building = family.WantsLines ? new LineTable.Builder() : null;
        if (header is not null) _header = header;
    }

    /// <summary>Says that all series of the family were written; <see cref="Begin(FamilyText, byte[])"/> says so of the family before.</summary>
    public void End()
    {
        if (_building is not null)
        {
            _family.Lines = _building.Build();
            _family.WantsLines = false;
        }
        else if (_missed > Math.Max(LineTable.SmallestFamily, _turn / 8))
        {
            _family.WantsLines = true;
        }

        _building = null;
        _lines = null;
        _turn = _missed = 0;
    }

    /// <inheritdoc/>
    public override bool VisitNumber(Series series, double value, MetricExemplar? exemplar)
    {
        var begin = _lines is null ? default : _lines.Find(_turn, series);
        _turn++;
        if (!begin.IsEmpty)
        {
            if (_header is not null) WriteHeader();
            Reserve(begin.Length + NumberText.MaxLength + MaxExemplarLength);
            LineTable.Copy(begin, _buffer.AsSpan(_position));
            var from = _position + begin.Length;
            var space = _buffer.AsSpan(from);
            return EndNumber(from + (NumberText.TryWriteInteger(value, space, out var length) ? length : TextOf(series).Write(value, space)), exemplar);
        }

        // Only our own series are the same objects at every scrape.
        if (series is Metrics.BoundSeries) _missed++;
        var family = _family;
        var text = TextOf(series);
        var labels = text.Labels;
        var parts = family.Value;
        Reserve(parts.MaxLength + labels.Length + NumberText.MaxLength + MaxExemplarLength);

        // Locals, not fields: this runs once a series, and each store to a field would make the next line load it again.
        var buffer = _buffer;
        var position = Begin(buffer, _position, parts, labels);
        if (_building is not null)
        {
            _building.Add(series, buffer.AsSpan(_position, position - _position));
            // The line is kept there now; what changes and is slow to format brings its text back.
            series.TextCache = null;
        }

        return EndNumber(position + text.Write(value, buffer.AsSpan(position)), exemplar);
    }

    private bool EndNumber(int position, MetricExemplar? exemplar)
    {
        if (exemplar is not null && _exemplars && _family.Descriptor.Kind == MetricKind.Counter)
        {
            _position = position;
            Append(exemplar);
            position = _position;
        }

        _buffer[position++] = (byte)'\n';
        _position = _complete = position;
        return position < Mark;
    }

    /// <inheritdoc/>
    public override bool VisitSummary(Series series, in SummaryView summary)
    {
        var text = TextOf(series);
        var labels = text.Labels;
        var edges = _family.Quantiles(summary.Quantiles);
        var line = _family.Value.MaxLength + labels.Length + NumberText.MaxLength + 1;
        Reserve(((summary.Values.Length + 2) * (line + 8)) + edges.TotalLength);
        for (var i = 0; i < summary.Values.Length; i++)
        {
            Append(_family.Value.Open);
            Append(labels);
            Append(edges.Piece(i, labels.Length == 0 ? 1 : 0));
            _position += NumberText.Write(summary.Values[i], _buffer.AsSpan(_position));
            _buffer[_position++] = (byte)'\n';
        }

        AppendSumAndCount(text, summary.Sum, summary.Count);
        return EndSeries();
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
    }

    private SeriesText TextOf(Series series)
    {
        if (_header is not null) WriteHeader();
        return SeriesText.Of(series, _family);
    }

    private void WriteHeader()
    {
        WriteRaw(_header);
        _header = null;
    }

    private bool EndSeries()
    {
        _buffer[_position++] = (byte)'\n';
        _complete = _position;
        return _position < Mark;
    }

    private void AppendSumAndCount(SeriesText text, double sum, long count)
    {
        var buffer = _buffer;
        var position = Begin(buffer, _position, _family.Sum, text.Labels);
        position += text.Write(sum, buffer.AsSpan(position));
        buffer[position++] = (byte)'\n';
        position = Begin(buffer, position, _family.Count, text.Labels);
        _position = position + NumberText.Write(count, buffer.AsSpan(position));
    }

    /// <summary>Puts the beginning of a line, up to its number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Begin(byte[] buffer, int position, SampleText parts, byte[] labels)
    {
        if (labels.Length == 0) return Put(buffer, position, parts.Bare);

        position = Put(buffer, position, parts.Open);
        position = Put(buffer, position, labels);
        var close = parts.Close;
        if (close.Length != 2) return Put(buffer, position, close);

        // Without scope labels it is only "} ", for which a copy is a detour.
        buffer[position] = (byte)'}';
        buffer[position + 1] = (byte)' ';
        return position + 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Put(byte[] buffer, int position, ReadOnlySpan<byte> text)
    {
        text.CopyTo(new Span<byte>(buffer, position, text.Length));
        return position + text.Length;
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_buffer.AsSpan(_position));
        _position += text.Length;
    }

    // OpenMetrics 1.0.0, section "Exemplars".
    private void Append(MetricExemplar exemplar)
    {
        Append(" # {trace_id=\""u8);
        AppendAscii(exemplar.TraceId.ToHexString());
        Append("\",span_id=\""u8);
        AppendAscii(exemplar.SpanId.ToHexString());
        Append("\"} "u8);
        _position += NumberText.Write(exemplar.Value, _buffer.AsSpan(_position));
        _buffer[_position++] = (byte)' ';
        var milliseconds = Math.Max(0, exemplar.Timestamp.ToUnixTimeMilliseconds());
        _position += NumberText.Write(milliseconds / 1000, _buffer.AsSpan(_position));
        _buffer[_position++] = (byte)'.';
        var rest = (int)(milliseconds % 1000);
        _buffer[_position++] = (byte)('0' + (rest / 100));
        _buffer[_position++] = (byte)('0' + (rest / 10 % 10));
        _buffer[_position++] = (byte)('0' + (rest % 10));
    }

    private void AppendAscii(string text)
    {
        System.Text.Encoding.ASCII.GetBytes(text, _buffer.AsSpan(_position));
        _position += text.Length;
    }

    /// <summary>Makes sure that so many more bytes fit.</summary>
    private void Reserve(int length)
    {
        if (_buffer.Length - _position < length) Grow(length);
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(_position + length));
        _buffer.AsSpan(0, _position).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
