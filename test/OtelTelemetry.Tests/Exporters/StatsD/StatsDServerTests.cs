using System.Net;
using System.Net.Sockets;
using System.Text;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.StatsD;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.StatsD;

/// <summary>Over real sockets.</summary>
public class StatsDServerTests
{
    [Test]
    public async Task Over_UDP_each_packet_is_a_datagram()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await using var exporter = Create(new() { Host = "localhost", Port = Port(server.Client), MaxPacketSize = 64 });
        Assert.That((await Export(exporter, 1)).Succeeded, Is.True);
        Assert.That(await Receive(server.Client), Is.EqualTo("n.label.x:1|c\nanother_metric_of_the_same_export.label.x:1|c"));
        Assert.That(server.Available, Is.Zero);
    }

    [Test]
    public async Task Over_UDP_a_server_that_is_away_is_no_error_and_what_was_sent_counts_as_sent()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = Port(server.Client);
        server.Close();
        await using var exporter = Create(new() { Host = "127.0.0.1", Port = port });
        for (var i = 1; i <= 3; i++) Assert.That((await Export(exporter, i)).Succeeded, Is.True);
        using var back = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
        await Export(exporter, 10);
        Assert.That(await Receive(back.Client), Does.StartWith("n.label.x:7|c"));
    }

    [Test]
    public async Task A_host_that_is_not_found_is_told_with_its_remedy()
    {
        await using var exporter = Create(new() { Host = "statsd.invalid" });
        var result = await Export(exporter, 1);
        Assert.That(result.Succeeded, Is.False);
        Assert.That(result.Problem, Does.Contain("statsd.invalid:8125 over UDP cannot be reached").And.Contain("check Host"));
    }

    [Test]
    public async Task Over_TCP_every_line_ends_and_the_connection_stays_open()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        await using var exporter = Create(new() { Host = "127.0.0.1", Port = Port(server.Server), Protocol = StatsDProtocol.Tcp });
        await Export(exporter, 1);
        await Export(exporter, 3);
        using var connection = await server.AcceptSocketAsync();
        await exporter.CloseAsync();
        Assert.That(await ReadToEnd(connection), Is.EqualTo("""
            n.label.x:1|c
            another_metric_of_the_same_export.label.x:1|c
            n.label.x:2|c
            another_metric_of_the_same_export.label.x:2|c

            """));
        Assert.That(server.Pending(), Is.False);
    }

    [Test]
    public async Task Over_TCP_a_server_that_went_and_came_back_gets_what_it_missed()
    {
        var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var port = Port(server.Server);
        await using var exporter = Create(new() { Host = "127.0.0.1", Port = port, Protocol = StatsDProtocol.Tcp });
        await Export(exporter, 1);
        var connection = await server.AcceptSocketAsync();
        await connection.ReceiveAsync(new byte[1000]);
        connection.Dispose();
        server.Dispose();

        var away = await Export(exporter, 5);
        Assert.That(away.Succeeded, Is.False);
        Assert.That(away.Problem, Does.Contain("over TCP cannot be reached"));

        using var back = new TcpListener(IPAddress.Loopback, port);
        back.Start();
        Assert.That((await Export(exporter, 6)).Succeeded, Is.True);
        using var again = await back.AcceptSocketAsync();
        await exporter.DisposeAsync();
        Assert.That(await ReadToEnd(again), Does.StartWith("n.label.x:5|c\n"));
    }

    [Test]
    public async Task Over_a_Unix_socket_packets_are_larger_and_a_missing_server_is_an_error_that_loses_nothing()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("statsd-").FullName, "dsd.socket");
        await using var exporter = Create(new() { Protocol = StatsDProtocol.Unix, SocketPath = path, Dialect = StatsDDialect.DogStatsD });
        var away = await Export(exporter, 1);
        Assert.That(away.Succeeded, Is.False);
        Assert.That(away.Problem, Does.Contain(path).And.Contain("check SocketPath"));

        using var server = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        server.Bind(new UnixDomainSocketEndPoint(path));
        var many = SomeFamilies.Numbers("many", MetricKind.Gauge, "", [.. Enumerable.Range(0, 400).Select(i => ($"{i}", (double)i))]);
        Assert.That((await exporter.ExportAsync([SomeFamilies.Numbers("n", MetricKind.Counter, "", ("x", 3)), many])).Succeeded, Is.True);
        var first = await Receive(server);
        Assert.That(first, Does.StartWith("n:3|c|#label:x\nmany:0|g|#label:0\n"));
        Assert.That(first, Has.Length.InRange(8100, 8192));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    private static StatsDExporter Create(StatsDExporterOptions options) => new(options, new ExporterContext("StatsD"));

    private static async Task<MetricsExportResult> Export(StatsDExporter exporter, double value) => await exporter.ExportAsync(
    [
        SomeFamilies.Numbers("n", MetricKind.Counter, "", ("x", value)),
        SomeFamilies.Numbers("another_metric_of_the_same_export", MetricKind.Counter, "", ("x", value)),
    ]);

    private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static async Task<string> Receive(Socket server)
    {
        var buffer = new byte[70_000];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        return Encoding.UTF8.GetString(buffer, 0, await server.ReceiveAsync(buffer, limit.Token));
    }

    private static async Task<string> ReadToEnd(Socket connection)
    {
        using var reader = new StreamReader(new NetworkStream(connection));
        return await reader.ReadToEndAsync();
    }
}
