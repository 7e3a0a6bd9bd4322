using System.Buffers;
using OtelTelemetry.Exporters.Deltas;

namespace OtelTelemetry.Exporters.Datadog;

/// <summary>The series of a request that is not sent yet, each rendered, so that a request can be cut in two. Used by one export at a time.</summary>
internal sealed class DatadogBatch
{
    private static readonly byte[] s_begin = "{\"series\":["u8.ToArray();
    private static readonly byte[] s_end = "]}"u8.ToArray();

    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private readonly List<(int End, SeriesDelta? Delta)> _entries = [];

    /// <summary>How many series there are.</summary>
    public int Count => _entries.Count;

    /// <summary>How many bytes they take, commas included.</summary>
    public int Length => _bytes.WrittenCount + _entries.Count;

    /// <summary>Where a series is written; <see cref="Complete"/> ends it.</summary>
    public IBufferWriter<byte> Writer => _bytes;

    /// <summary>A series is written.</summary>
    /// <param name="delta">What is told when it was sent; null for nothing.</param>
    public void Complete(SeriesDelta? delta) => _entries.Add((_bytes.WrittenCount, delta));

    /// <summary>Writes the body of a request with some of the series.</summary>
    public void WriteBody(Stream body, int from, int to)
    {
        body.Write(s_begin);
        for (var i = from; i < to; i++)
        {
            if (i > from) body.WriteByte((byte)',');
            var begin = i == 0 ? 0 : _entries[i - 1].End;
            body.Write(_bytes.WrittenSpan[begin.._entries[i].End]);
        }

        body.Write(s_end);
    }

    /// <summary>How many bytes the body has.</summary>
    public long BodyLength(int from, int to) => (long)(_entries[to - 1].End - (from == 0 ? 0 : _entries[from - 1].End)) + (to - from - 1) + s_begin.Length + s_end.Length;

    /// <summary>Some of the series were sent.</summary>
    public void Commit(int from, int to)
    {
        for (var i = from; i < to; i++) _entries[i].Delta?.Commit();
    }

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _entries.Clear();
    }
}
