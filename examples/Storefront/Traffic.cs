using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Storefront;

/// <summary>Customers, so that there is something to see: requests over HTTP to the shop's own address.</summary>
internal sealed class Traffic(
    double requestsPerSecond, IHttpClientFactory clients, IServer server, IHostApplicationLifetime lifetime, ILogger<Traffic> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (requestsPerSecond <= 0) return;
        if (!await StartedAsync(stoppingToken)) return;

        using var client = clients.CreateClient(nameof(Traffic));
        client.BaseAddress = new Uri(ServerAddress.FromThisMachine(server.Features.Get<IServerAddressesFeature>()!.Addresses.First()));

        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / requestsPerSecond));
        while (await NextAsync(timer, stoppingToken))
        {
            _ = SendAsync(client, stoppingToken); // A slow answer does not hold up the next customer.
        }
    }

    private async Task SendAsync(HttpClient client, CancellationToken stopping)
    {
        try
        {
            using var response = await (Random.Shared.Next(100) switch
            {
                < 60 => client.GetAsync(new Uri($"/orders/{Random.Shared.Next(1, Orders.Newest + 20)}", UriKind.Relative), stopping),
                < 90 => client.PostAsJsonAsync("/checkout", RandomCart(), stopping),
                < 96 => client.GetAsync(new Uri($"/slow?ms={Random.Shared.Next(50, 800)}", UriKind.Relative), stopping),
                _ => client.GetAsync(new Uri("/fail", UriKind.Relative), stopping),
            });
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            if (!stopping.IsCancellationRequested) logger.LogWarning(exception, "A customer was not served");
        }
    }

    private static Cart RandomCart() => new(
        Orders.Prices.Keys.ElementAt(Random.Shared.Next(Orders.Prices.Count)),
        Random.Shared.Next(1, 4),
        Random.Shared.Next(3) == 0 ? "invoice" : "card");

    private async Task<bool> StartedAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource<bool>();
        using var onStart = lifetime.ApplicationStarted.Register(() => started.TrySetResult(true));
        using var onStop = stopping.Register(() => started.TrySetResult(false));
        return await started.Task;
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

internal static class TrafficRegistration
{
    private const string Setting = "Traffic:RequestsPerSecond";

    /// <summary>Reads <c>Traffic:RequestsPerSecond</c>: 5 by default, 0 for none, at most 1000.</summary>
    public static void AddTraffic(this IServiceCollection services, IConfiguration configuration)
    {
        var requestsPerSecond = configuration.GetValue(Setting, 5.0);
        if (requestsPerSecond is not (>= 0 and <= 1000))
        {
            throw new InvalidOperationException($"{Setting} is {requestsPerSecond}; it must be from 0 (no traffic) to 1000.");
        }

        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<Traffic>(provider, requestsPerSecond));
    }
}
