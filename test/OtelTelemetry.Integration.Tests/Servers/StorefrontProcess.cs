using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>The example shop as a user would run it: a process of its own, configured by environment variables, its own traffic off.</summary>
internal sealed class StorefrontProcess : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private StorefrontProcess(ServerProcess process, Uri address)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = address };
    }

    /// <summary>Where the shop listens.</summary>
    public Uri Address => Http.BaseAddress!;

    /// <summary>A customer.</summary>
    public HttpClient Http { get; }

    /// <summary>What the shop wrote to the console.</summary>
    public OutputBuffer Output => _process.Output;

    /// <summary>Starts the shop and waits until it serves. The wait asks for nothing that counts as a request: it reads the console.</summary>
    public static Task<StorefrontProcess> Start(params (string Name, string Value)[] settings) => StartAt(new Uri($"http://127.0.0.1:{FreePort.Next()}"), settings);

    /// <summary>As <see cref="Start"/>, at an address that others know already.</summary>
    public static async Task<StorefrontProcess> StartAt(Uri address, params (string Name, string Value)[] settings)
    {
        var process = Launch(address, settings);
        var storefront = new StorefrontProcess(process, address);
        await process.WaitUntilReady(() => Task.FromResult(process.Output.Lines.Any(line => line.Contains($"Storefront is open at {address.GetLeftPart(UriPartial.Authority)}", StringComparison.Ordinal))));
        return storefront;
    }

    /// <summary>Starts the shop with settings it must refuse; returns how it ended.</summary>
    public static async Task<(int ExitCode, string Output)> StartAndWaitForExit(params (string Name, string Value)[] settings)
    {
        await using var process = Launch(new Uri($"http://127.0.0.1:{FreePort.Next()}"), settings);
        var exitCode = await process.WaitForExit(TimeSpan.FromSeconds(20));
        return (exitCode, process.Output.ToString());
    }

    /// <summary>The whole answer to a scrape.</summary>
    /// <param name="accept">The formats asked for; nothing gives the plain text format.</param>
    public async Task<string> Metrics(string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Http.SendAsync(request);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    /// <summary>Asks the shop to end, as an operator does, and returns how long it took.</summary>
    public Task<TimeSpan> Stop() => _process.Stop();

    /// <summary>Ends the shop at once, as a crash does.</summary>
    public Task Kill() => _process.Kill();

    public int ExitCode => _process.ExitCode;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    private static ServerProcess Launch(Uri address, (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string> { ["Traffic__RequestsPerSecond"] = "0" };
        foreach (var (name, value) in settings) environment[name] = value;
        return ServerProcess.Start("dotnet", [Repository.PathToExample("Storefront"), "--urls", address.ToString()], ServerProcess.CreateDataFolder(), environment);
    }
}
