using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OtelTelemetry.Benchmarks.Requests;

/// <summary>A receiver of OTLP that fails in the way that the first part of its path says, or takes everything.</summary>
internal static class FailingBackend
{
    internal static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/takes/v1/{signal}", async (HttpContext context) =>
        {
            await ReadAsync(context).ConfigureAwait(false);
            context.Response.ContentType = "application/x-protobuf";
        });
        app.MapPost("/silent/v1/{signal}", async (HttpContext context) =>
        {
            await ReadAsync(context).ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        app.MapPost("/busy/v1/{signal}", async (HttpContext context) =>
        {
            await ReadAsync(context).ConfigureAwait(false);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "1";
        });
        app.MapPost("/refuses/v1/{signal}", async (HttpContext context) =>
        {
            await ReadAsync(context).ConfigureAwait(false);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        });
        app.MapPost("/breaks/v1/{signal}", async (HttpContext context) =>
        {
            await ReadAsync(context).ConfigureAwait(false);
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync(new byte[500]).ConfigureAwait(false);
            await context.Response.Body.FlushAsync().ConfigureAwait(false);
            context.Abort();
        });
        await app.StartAsync().ConfigureAwait(false);
        return app;
    }

    private static Task ReadAsync(HttpContext context) => context.Request.Body.CopyToAsync(Stream.Null);
}
