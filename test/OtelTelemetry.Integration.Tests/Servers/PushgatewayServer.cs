using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>A real Pushgateway.</summary>
internal sealed class PushgatewayServer : IAsyncDisposable
{
    private static readonly HttpClient s_http = new();
    private readonly ServerProcess _process;

    private PushgatewayServer(ServerProcess process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<PushgatewayServer> Start()
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var process = ServerProcess.Start("prometheus-pushgateway", [$"--web.listen-address={address.Authority}"], ServerProcess.CreateDataFolder());
        var server = new PushgatewayServer(process, address);
        await process.WaitUntilReady(async () =>
        {
            using var response = await s_http.GetAsync(new Uri(address, "/-/ready"));
            return response.IsSuccessStatusCode;
        });
        return server;
    }

    /// <summary>What a scraper would get.</summary>
    public Task<string> Metrics() => s_http.GetStringAsync(new Uri(Address, "/metrics"));

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
