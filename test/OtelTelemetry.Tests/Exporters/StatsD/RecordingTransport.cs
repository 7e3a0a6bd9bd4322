using System.Net.Sockets;
using System.Text;
using OtelTelemetry.Exporters.StatsD;

namespace OtelTelemetry.Tests.Exporters.StatsD;

/// <summary>Keeps what it is given; refuses the packets a test wants it to.</summary>
internal sealed class RecordingTransport : StatsDTransport
{
    private int _sent;

    public List<string> Packets { get; } = [];

    /// <summary>The first packet that fails, counted from 0; none when null.</summary>
    public int? FailFrom { get; set; }

    public int Resets { get; private set; }

    public override string Server => "recorder";

    public override string Remedy => "let it take what it is given";

    public override ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        _sent = 0;
        return ValueTask.CompletedTask;
    }

    public override ValueTask SendAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken)
    {
        if (_sent++ >= FailFrom) throw new SocketException((int)SocketError.NetworkUnreachable);
        Packets.Add(Encoding.UTF8.GetString(packet.Span));
        return ValueTask.CompletedTask;
    }

    public override void Reset() => Resets++;

    /// <summary>Everything since the last time, line by line.</summary>
    public string TakeText()
    {
        var text = string.Join('\n', Packets);
        Packets.Clear();
        return text;
    }
}
