using System.Net;
using System.Net.Sockets;

namespace OtelTelemetry.Exporters.StatsD;

/// <summary>Datagrams. The socket is not connected: it is not told that nobody listens, and a server that comes back later is simply met again.</summary>
internal sealed class UdpTransport(string host, int port) : StatsDTransport
{
    private Socket? _socket;
    private IPEndPoint? _address;

    public override string Server => $"{host}:{port} over UDP";

    public override string Remedy => "check Host and Port, and the network";

    public override async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        // Asked for every time: a server that moved is found. Where the answer fails, the last one still holds.
        try
        {
            var address = IPAddress.TryParse(host, out var literal)
                ? literal
                : Preferred(await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false));
            if (_address is null || !_address.Address.Equals(address))
            {
                Reset();
                _address = new IPEndPoint(address, port);
            }
        }
        catch (SocketException) when (_address is not null)
        {
        }

        _socket ??= new Socket(_address!.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken) =>
        await _socket!.SendToAsync(packet, SocketFlags.None, _address!, cancellationToken).ConfigureAwait(false);

    public override void Reset()
    {
        _socket?.Dispose();
        _socket = null;
    }

    // StatsD servers usually listen on IPv4 only, and nothing says so when datagrams go to the other one.
    private static IPAddress Preferred(IPAddress[] addresses) =>
        Array.Find(addresses, address => address.AddressFamily == AddressFamily.InterNetwork)
        ?? (addresses.Length > 0 ? addresses[0] : throw new SocketException((int)SocketError.HostNotFound));
}
