using System.Buffers;
using Microsoft.AspNetCore.Http;
using OtelTelemetry.Health;
using OtelTelemetry.Instruments;

namespace OtelTelemetry.AspNetCore.Health;

/// <summary>Answers how the application stands, from what the checks found last: no check runs for it.</summary>
internal static class HealthEndpoint
{
    private const string Json = "application/json; charset=utf-8";
    private const string Text = "text/plain; charset=utf-8";

    public static async Task AnswerAsync(HttpContext context, HealthMonitor monitor, TelemetryHealthOptions options, HealthDetailsAccess access, string group)
    {
        var response = context.Response;
        if (monitor.GetReport(group) is not { } report)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var state = StateOf(report.State, group, monitor.IsStopping);
        response.StatusCode = state switch
        {
            HealthState.Healthy => StatusCodes.Status200OK,
            HealthState.Degraded => options.DegradedStatusCode,
            _ => options.UnhealthyStatusCode,
        };
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept";
        var plain = PrefersPlainText(context.Request);
        response.ContentType = plain ? Text : Json;
        var details = await access.IsAllowedAsync(context).ConfigureAwait(false);
        var body = new ArrayBufferWriter<byte>(256);
        if (plain) HealthText.Write(body, state, report, details);
        else HealthJson.Write(body, state, report, details);
        response.ContentLength = body.WrittenCount;
        if (HttpMethods.IsHead(context.Request.Method)) return;
        await response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>What a check has not found out yet says nothing against living, and an application that ends takes no further requests.</summary>
    private static HealthState StateOf(HealthState worst, string group, bool stopping)
    {
        if (group.Equals(HealthMonitor.LiveGroup, StringComparison.OrdinalIgnoreCase)) return worst == HealthState.Unknown ? HealthState.Healthy : worst;
        return stopping && group.Equals(HealthMonitor.ReadyGroup, StringComparison.OrdinalIgnoreCase) ? HealthState.Unhealthy : worst;
    }

    /// <summary>JSON unless plain text is asked for, and not JSON with the same right or more.</summary>
    private static bool PrefersPlainText(HttpRequest request)
    {
        double json = 0, text = 0;
        foreach (var accepted in request.GetTypedHeaders().Accept)
        {
            var quality = accepted.Quality ?? 1;
            if (accepted.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase) || accepted.MediaType.Equals("text/*", StringComparison.OrdinalIgnoreCase)) text = Math.Max(text, quality);
            else if (accepted.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || accepted.MediaType.Equals("application/*", StringComparison.OrdinalIgnoreCase)) json = Math.Max(json, quality);
        }

        return text > json;
    }
}
