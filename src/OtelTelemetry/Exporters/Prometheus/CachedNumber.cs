namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>The text of one number. Many scrapers read and replace it at once without a lock: a sequence number, odd during a change,
/// tells a reader that it must not trust what it copied (a "seqlock"). A changing number therefore allocates nothing.</summary>
internal sealed class CachedNumber
{
    private int _version;
    private int _length;
    private long _bits;
    private TextBuffer _text;

    public int Write(double value, Span<byte> destination)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var version = Volatile.Read(ref _version);
        if ((version & 1) == 0 && _bits == bits)
        {
            var length = _length;
            if (length is > 0 and <= NumberText.MaxLength)
            {
                ((Span<byte>)_text)[..length].CopyTo(destination);
                Volatile.ReadBarrier();
                if (_version == version) return length;
            }
        }

        var written = NumberText.Write(value, destination);
        if ((version & 1) == 0 && Interlocked.CompareExchange(ref _version, version + 1, version) == version)
        {
            _bits = bits;
            _length = written;
            destination[..written].CopyTo(_text);
            Volatile.Write(ref _version, version + 2);
        }

        return written;
    }

    [System.Runtime.CompilerServices.InlineArray(NumberText.MaxLength)]
    private struct TextBuffer
    {
        private byte _first;
    }
}
