using System.Text.Json;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>A real Alertmanager, which tells nobody.</summary>
internal sealed class AlertmanagerServer : IAsyncDisposable
{
    private static readonly HttpClient s_http = new();
    private readonly ServerProcess _process;

    private AlertmanagerServer(ServerProcess process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<AlertmanagerServer> Start()
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var folder = ServerProcess.CreateDataFolder();
        var configuration = Path.Combine(folder, "alertmanager.yml");
        await File.WriteAllTextAsync(configuration, "route:\n  receiver: nobody\nreceivers:\n- name: nobody\n");
        var process = ServerProcess.Start(
            "prometheus-alertmanager",
            [$"--config.file={configuration}", $"--storage.path={Path.Combine(folder, "data")}", $"--web.listen-address={address.Authority}", "--cluster.listen-address="],
            folder);
        var server = new AlertmanagerServer(process, address);
        await process.WaitUntilReady(async () =>
        {
            try
            {
                using var response = await s_http.GetAsync(new Uri(address, "/-/ready"));
                return response.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return server;
    }

    /// <summary>The alerts it holds to be firing, by their label <c>alertname</c>.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>> Active()
    {
        using var document = JsonDocument.Parse(await s_http.GetStringAsync(new Uri(Address, "/api/v2/alerts?active=true")));
        return document.RootElement.EnumerateArray().ToDictionary(alert => alert.GetProperty("labels").GetProperty("alertname").GetString()!, alert => alert.Clone());
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
