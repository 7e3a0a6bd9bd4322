using OtelTelemetry.Exporters.Deltas;

namespace OtelTelemetry.Exporters.StatsD;

/// <summary>Fills packets with lines: as many as fit, at least one. Used by one export at a time; buffers are used again.</summary>
/// <param name="maxSize">The most bytes in a packet, unless one line alone is longer.</param>
/// <param name="ending">Whether every line ends with a newline, instead of one between two.</param>
internal sealed class StatsDPackets(int maxSize, bool ending)
{
    /// <summary>The most bytes UDP carries.</summary>
    public const int LargestDatagram = 65_507;

    private readonly Queue<Packet> _full = new();
    private readonly Stack<Packet> _spare = new();
    private Packet? _current;

    /// <summary>Whether a packet is waiting to be sent.</summary>
    public bool HasFull => _full.Count > 0;

    /// <summary>Adds a line, or several that must stay together.</summary>
    /// <param name="line">Without a newline at its end.</param>
    /// <param name="delta">What is told when the packet was sent; null for nothing.</param>
    /// <returns>False when it is too long for any packet.</returns>
    public bool Add(ReadOnlySpan<byte> line, SeriesDelta? delta)
    {
        if (line.Length + 1 > LargestDatagram) return false;
        if (_current is { } current && current.Length + line.Length + 1 > maxSize) Seal();
        var packet = _current ??= _spare.TryPop(out var spare) ? spare : new Packet();
        packet.Add(line, separate: !ending && packet.Lines > 0, ending);
        if (delta is { } pending) packet.Pending.Add(pending);
        return true;
    }

    /// <summary>Closes the packet that is not full.</summary>
    public void Seal()
    {
        if (_current is null) return;
        _full.Enqueue(_current);
        _current = null;
    }

    /// <summary>Takes the oldest closed packet; give it back with <see cref="Return"/>.</summary>
    public bool TryTake(out Packet packet) => _full.TryDequeue(out packet!);

    /// <summary>A packet was sent.</summary>
    public void Return(Packet packet)
    {
        packet.Clear();
        _spare.Push(packet);
    }

    /// <summary>Forgets what was not sent.</summary>
    public void Clear()
    {
        Seal();
        while (_full.TryDequeue(out var packet)) Return(packet);
    }

    /// <summary>Some lines.</summary>
    internal sealed class Packet
    {
        private byte[] _bytes = new byte[2048];

        public int Length { get; private set; }

        public int Lines { get; private set; }

        /// <summary>What is told when it was sent.</summary>
        public List<SeriesDelta> Pending { get; } = [];

        public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Length);

        public void Add(ReadOnlySpan<byte> line, bool separate, bool ending)
        {
            if (Length + line.Length + 1 > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + line.Length + 1));
            if (separate) _bytes[Length++] = (byte)'\n';
            line.CopyTo(_bytes.AsSpan(Length));
            Length += line.Length;
            if (ending) _bytes[Length++] = (byte)'\n';
            Lines++;
        }

        public void Commit()
        {
            foreach (var delta in Pending) delta.Commit();
        }

        public void Clear()
        {
            Length = 0;
            Lines = 0;
            Pending.Clear();
        }
    }
}
