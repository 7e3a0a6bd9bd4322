using System.Buffers;

namespace OtelTelemetry.Logging.Sinks.Queue;

/// <summary>Encoded records one behind the other. Filled by the threads that log, under the queue's lock; then written by one thread, which owns it.</summary>
internal sealed class LogBlock
{
    private byte[] _bytes;
    private int[] _ends = new int[64];
    private int _length;

    public LogBlock(int size) => _bytes = ArrayPool<byte>.Shared.Rent(size);

    /// <summary>How many records it has.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them are written; moved on by whoever writes.</summary>
    public int Written { get; set; }

    /// <summary>How many bytes it has.</summary>
    public int Length => _length;

    /// <summary>The record at a place, with its newline.</summary>
    public ReadOnlyMemory<byte> this[int index] => _bytes.AsMemory(StartOf(index), _ends[index] - StartOf(index));

    /// <summary>All records from the first that is not written.</summary>
    public ReadOnlyMemory<byte> Unwritten => _bytes.AsMemory(StartOf(Written), _length - StartOf(Written));

    public bool TryAdd(ReadOnlySpan<byte> record)
    {
        if (_bytes.Length - _length < record.Length) return false;
        if (Count == _ends.Length) Array.Resize(ref _ends, 2 * Count);
        record.CopyTo(_bytes.AsSpan(_length));
        _length += record.Length;
        _ends[Count++] = _length;
        return true;
    }

    /// <summary>Empties it to be filled again.</summary>
    public void Reset() => Count = Written = _length = 0;

    /// <summary>Gives its memory back. Nothing of it may be used afterwards.</summary>
    public void Return()
    {
        Reset();
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private int StartOf(int index) => index == 0 ? 0 : _ends[index - 1];
}
