using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>The original StatsD server, listening on one port over UDP and TCP, read through its management port. It flushes so seldom
/// that totals of a test are never put back to zero.</summary>
internal sealed class StatsDServer : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly int _management;

    private StatsDServer(ServerProcess process, int port, int management)
    {
        _process = process;
        Port = port;
        _management = management;
    }

    public int Port { get; }

    public static async Task<StatsDServer> Start(int? at = null)
    {
        var (port, management) = (at ?? FreePort.Next(), FreePort.Next());
        var folder = ServerProcess.CreateDataFolder();
        var configuration = Path.Combine(folder, "statsd.js");
        await File.WriteAllTextAsync(configuration, $$"""
            {
              mgmt_address: "127.0.0.1", mgmt_port: {{management}},
              flushInterval: 3600000, backends: [],
              servers: [
                { server: "./servers/udp", address: "127.0.0.1", port: {{port}} },
                { server: "./servers/tcp", address: "127.0.0.1", port: {{port}} }
              ]
            }
            """);
        var program = Repository.PathTo("test", "OtelTelemetry.Integration.Tests", "StatsDServer", "node_modules", "statsd", "stats.js");
        var server = new StatsDServer(ServerProcess.Start("node", [program, configuration], folder), port, management);
        await server._process.WaitUntilReady(async () =>
        {
            try
            {
                return (await server.Ask("health")).StartsWith("health: up", StringComparison.Ordinal);
            }
            catch (SocketException)
            {
                return false;
            }
        });
        return server;
    }

    /// <summary>The counters since the start.</summary>
    public Task<IReadOnlyDictionary<string, double>> Counters() => Read("counters");

    /// <summary>The gauges.</summary>
    public Task<IReadOnlyDictionary<string, double>> Gauges() => Read("gauges");

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<IReadOnlyDictionary<string, double>> Read(string what) =>
        Regex.Matches(await Ask(what), @"^\s*'?([^'\s]+?)'?:\s*([-+.e0-9]+),?", RegexOptions.Multiline).ToDictionary(
            match => match.Groups[1].Value.TrimStart('{', ' '),
            match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));

    private async Task<string> Ask(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _management);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"));
        var answer = new StringBuilder();
        var buffer = new byte[64 * 1024];
        // Tables end with END and an empty line; health is one line.
        while (await stream.ReadAsync(buffer) is var read and > 0)
        {
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
            if (command == "health" || answer.ToString().TrimEnd().EndsWith("END", StringComparison.Ordinal)) break;
        }

        return answer.ToString();
    }
}
