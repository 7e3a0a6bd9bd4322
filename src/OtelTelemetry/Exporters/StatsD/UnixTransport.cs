using System.Net.Sockets;

namespace OtelTelemetry.Exporters.StatsD;

/// <summary>Datagrams over a Unix socket. The system says when nobody listens.</summary>
internal sealed class UnixTransport(string path) : StatsDTransport
{
    private readonly UnixDomainSocketEndPoint _address = new(path);
    private Socket? _socket;

    public override string Server => path;

    public override string Remedy => "check SocketPath, that the server runs and that this process may write to its socket";

    public override ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        _socket ??= new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken) =>
        await _socket!.SendToAsync(packet, SocketFlags.None, _address, cancellationToken).ConfigureAwait(false);

    public override void Reset()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
