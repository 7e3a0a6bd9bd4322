using System.Diagnostics;
using System.Net;

namespace Storefront;

internal sealed record Payment(decimal Amount);

/// <summary>The shop's side of payments: asks the payment service over HTTP.</summary>
internal sealed class PaymentClient(HttpClient http, PaymentService service, ShopMetrics metrics)
{
    /// <summary>Returns whether the payment was accepted.</summary>
    public async Task<bool> PayAsync(decimal amount, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        using var response = await http.PostAsJsonAsync(new Uri(service.Address, "/payments"), new Payment(amount), cancellation);
        var accepted = response.IsSuccessStatusCode;
        metrics.PaymentLatency.Observe(Stopwatch.GetElapsedTime(started).TotalSeconds, accepted ? "accepted" : "declined");
        return accepted;
    }
}

/// <summary>Stands for another company's service: an HTTP server of its own, on a free port of the loopback interface.</summary>
internal sealed class PaymentService : IHostedService, IAsyncDisposable
{
    private const decimal Limit = 1000;
    private readonly WebApplication _server;

    public PaymentService()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        _server = builder.Build();

        // The shop's request metrics count the shop's requests, not those of the other company.
        _server.MapPost("/payments", Pay).DisableHttpMetrics();
    }

    /// <summary>Known once the service has started, which is before the shop takes requests.</summary>
    public Uri Address => new(_server.Urls.First());

    public Task StartAsync(CancellationToken cancellationToken) => _server.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<IResult> Pay(Payment payment)
    {
        await Task.Delay(Random.Shared.Next(5, 25));
        return payment.Amount > Limit ? Results.StatusCode(StatusCodes.Status402PaymentRequired) : Results.NoContent();
    }
}

internal static class PaymentRegistration
{
    public static void AddPayments(this IServiceCollection services)
    {
        services.AddHttpClient<PaymentClient>();
        services.AddSingleton<PaymentService>();
        services.AddHostedService(provider => provider.GetRequiredService<PaymentService>());
    }
}
