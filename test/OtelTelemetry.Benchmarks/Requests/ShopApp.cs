using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OtelTelemetry.Benchmarks.Requests;

/// <summary>What both applications have in common: an endpoint that logs a line and answers a little JSON.</summary>
internal static partial class ShopApp
{
    internal static WebApplicationBuilder CreateBuilder(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([new("Logging:LogLevel:Microsoft", "Warning")]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        return builder;
    }

    /// <summary>Maps the endpoint, and one that tells what the process has used: microseconds of processor time, and bytes allocated.</summary>
    internal static void Run(WebApplication app, Action<string, string, string, double> record)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop");
        app.MapGet("/orders/{id:int}", (int id) =>
        {
            var status = id % 10 == 0 ? "missing" : "found";
            record("GET", "/orders/{id}", status, id % 500 / 1000.0);
            OrderRead(logger, id, status);
            return Results.Text($"{{\"id\":{id},\"status\":\"{status}\"}}", "application/json");
        });
        app.MapGet("/used", () => FormattableString.Invariant($"{Environment.CpuUsage.TotalTime.TotalMicroseconds} {GC.GetTotalAllocatedBytes()}"));
        app.Run();
    }

    [LoggerMessage(LogLevel.Information, "Order {OrderId} read: {Status}")]
    private static partial void OrderRead(ILogger logger, int orderId, string status);
}
