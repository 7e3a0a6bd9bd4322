using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using OtelTelemetry.Exporters.Prometheus;

namespace OtelTelemetry.AspNetCore;

/// <summary>Answers a scrape on the application's own port. Streams: memory does not grow with the number of series.</summary>
internal static class PrometheusEndpoint
{
    public static async Task AnswerAsync(HttpContext context, PrometheusScrapeHandler handler)
    {
        var request = context.Request;
        var response = context.Response;
        var format = handler.Negotiate(request.Headers.Accept);
        var gzip = PrometheusScrapeHandler.AcceptsGzip(request.Headers.AcceptEncoding);
        response.ContentType = format.ContentType;
        response.Headers.Vary = "Accept, Accept-Encoding";
        if (gzip) response.Headers.ContentEncoding = "gzip";
        if (HttpMethods.IsHead(request.Method)) return;

        using var deadline = handler.BeginDeadline(request.Headers[ScrapeDeadline.HeaderName], context.RequestAborted);
        try
        {
            if (gzip)
            {
                var compressed = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
                await using (compressed.ConfigureAwait(false)) await handler.WriteAsync(compressed, format, deadline.Token).ConfigureAwait(false);
            }
            else
            {
                await handler.WriteAsync(response.Body, format, deadline.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The scraper is gone or has given up; half an answer must not look like a whole one.
            context.Abort();
        }
    }
}
