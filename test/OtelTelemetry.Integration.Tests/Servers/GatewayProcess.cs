using System.Net;
using System.Text.Json.Nodes;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>The example gateway as a user would run it: a process of its own, in front of an address where there may be nobody.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private GatewayProcess(ServerProcess process, Uri address)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = address };
    }

    /// <summary>A client of the gateway.</summary>
    public HttpClient Http { get; }

    /// <summary>What it wrote to the console.</summary>
    public OutputBuffer Output => _process.Output;

    /// <summary>Starts it and waits until it serves.</summary>
    /// <param name="destination">The address it stands in front of.</param>
    /// <param name="environment">Its environment; null for the usual one.</param>
    /// <param name="settings">Further settings, as variables.</param>
    public static async Task<GatewayProcess> Start(Uri destination, string? environment = null, params (string Name, string Value)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var variables = new Dictionary<string, string>
        {
            ["ReverseProxy__Clusters__storefront__Destinations__storefront__Address"] = destination.ToString(),
            ["Telemetry__Health__Interval"] = "200ms",
            ["Telemetry__Health__Jitter"] = "0",
        };
        foreach (var (name, value) in settings) variables[name] = value;
        string[] arguments = [Repository.PathToExample("Gateway"), "--urls", address.ToString(), .. environment is null ? Array.Empty<string>() : ["--environment", environment]];
        var process = ServerProcess.Start("dotnet", arguments, ServerProcess.CreateDataFolder(), variables);
        await process.WaitUntilReady(() => Task.FromResult(process.Output.Lines.Any(line => line.StartsWith("Gateway is open at", StringComparison.Ordinal))));
        return new GatewayProcess(process, address);
    }

    /// <summary>Asks for a path and returns how it was answered.</summary>
    public async Task<(HttpStatusCode Status, string Body)> Get(string path)
    {
        using var response = await Http.GetAsync(new Uri(path, UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The lines of a scrape.</summary>
    public async Task<string[]> Metrics() => (await Get("/metrics")).Body.Split('\n');

    /// <summary>The records of requests on the console, once there are as many as expected.</summary>
    public Task<JsonNode[]> Records(int count) => Eventually.Get(
        $"{count} records of requests",
        () => Task.FromResult(Output.Lines
            .Where(line => line.StartsWith('{'))
            .Select(line => JsonNode.Parse(line)!)
            .Where(record => record["category"]!.GetValue<string>() == "OtelTelemetry.Requests")
            .ToArray()),
        records => records.Length >= count);

    /// <summary>Asks it to end, as an operator does, which sends what waits.</summary>
    public Task Stop() => _process.Stop();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }
}
