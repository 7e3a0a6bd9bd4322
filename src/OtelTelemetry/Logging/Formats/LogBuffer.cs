namespace OtelTelemetry.Logging.Formats;

/// <summary>Bytes that are written one behind the other into memory that is used again. Simple enough that writing a piece costs little beside copying it. Not thread-safe.</summary>
internal sealed class LogBuffer(int size)
{
    private byte[] _bytes = new byte[size];
    private int _count;

    /// <summary>What is written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    /// <summary>How much memory it holds.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>Where the next bytes go; at least as many as asked for.</summary>
    public Span<byte> GetSpan(int room)
    {
        if (_bytes.Length - _count < room) Grow(room);
        return _bytes.AsSpan(_count);
    }

    /// <summary>Says how many bytes were written into the span.</summary>
    public void Advance(int count) => _count += count;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _count += bytes.Length;
    }

    public void Write(byte value)
    {
        GetSpan(1)[0] = value;
        _count++;
    }

    public void Clear() => _count = 0;

    private void Grow(int room) => Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, checked(_count + room)));
}
