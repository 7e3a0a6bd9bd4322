using System.Net.Sockets;

namespace OtelTelemetry.Exporters.StatsD;

/// <summary>A connection that stays open between exports and is made again when the server closed it.</summary>
internal sealed class TcpTransport(string host, int port) : StatsDTransport
{
    private Socket? _socket;

    public override string Server => $"{host}:{port} over TCP";

    public override string Remedy => "check Host and Port, and that the server runs and listens to TCP";

    public override bool IsStream => true;

    public override async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        if (_socket is { } open && IsClosed(open)) Reset();
        if (_socket is not null) return;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            _socket = socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken)
    {
        while (packet.Length > 0)
        {
            packet = packet[await _socket!.SendAsync(packet, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
        }
    }

    public override void Reset()
    {
        _socket?.Dispose();
        _socket = null;
    }

    // What is written into a connection the server closed meanwhile is lost without an error, so it is asked for before.
    private static bool IsClosed(Socket socket)
    {
        try
        {
            return socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
