using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>Prometheus's exporter of the machine's metrics.</summary>
internal sealed class NodeExporter : IAsyncDisposable
{
    private static readonly HttpClient s_http = new();
    private readonly ServerProcess _process;
    private readonly Uri _address;

    private NodeExporter(ServerProcess process, Uri address)
    {
        _process = process;
        _address = address;
    }

    public static async Task<NodeExporter> Start()
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        // Debian's package leaves out the loopback interface, which is the one that is busy here.
        var process = ServerProcess.Start("prometheus-node-exporter", [$"--web.listen-address={address.Authority}", "--collector.netdev.device-exclude=^$"], ServerProcess.CreateDataFolder());
        await process.WaitUntilReady(async () =>
        {
            using var response = await s_http.GetAsync(address);
            return response.IsSuccessStatusCode;
        });
        return new NodeExporter(process, address);
    }

    /// <summary>The lines of its metrics of this moment.</summary>
    public async Task<string[]> Lines() =>
        [.. (await s_http.GetStringAsync(new Uri(_address, "/metrics"))).Split('\n').Where(line => line.Length > 0 && line[0] != '#')];

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
