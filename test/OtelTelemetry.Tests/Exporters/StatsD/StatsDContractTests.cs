using System.Net;
using System.Net.Sockets;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.StatsD;
using OtelTelemetry.Tests.Contracts;

namespace OtelTelemetry.Tests.Exporters.StatsD;

[TestFixture(StatsDProtocol.Udp, StatsDDialect.Etsy)]
[TestFixture(StatsDProtocol.Udp, StatsDDialect.DogStatsD)]
[TestFixture(StatsDProtocol.Tcp, StatsDDialect.Etsy)]
public class StatsDContractTests(StatsDProtocol protocol, StatsDDialect dialect) : ExporterContract
{
    private readonly List<Socket> _connections = [];
    private Socket _server = null!;

    [SetUp]
    public void Listen()
    {
        _server = protocol == StatsDProtocol.Udp
            ? new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
            : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (protocol != StatsDProtocol.Tcp) return;
        _server.Listen();
        _ = Drain();
    }

    [TearDown]
    public void Close()
    {
        _server.Dispose();
        foreach (var connection in _connections) connection.Dispose();
    }

    protected override MetricsExporter Create() => new StatsDExporterOptions
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_server.LocalEndPoint!).Port,
        Protocol = protocol,
        Dialect = dialect,
        Prefix = "contract",
    }.Create(new ExporterContext("StatsD") { TimeProvider = Clock });

    private async Task Drain()
    {
        try
        {
            while (true)
            {
                var connection = await _server.AcceptAsync();
                _connections.Add(connection);
                _ = new NetworkStream(connection).CopyToAsync(Stream.Null);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
        }
    }
}
