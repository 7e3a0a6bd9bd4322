using Microsoft.AspNetCore.Http;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.AspNetCore.Requests;

/// <summary>Follows each request to its end, and tells the log and the metrics of it. Whatever fails here, the request does not see it. Thread-safe.</summary>
/// <param name="log">Writes the record of a request; null where none is wanted.</param>
/// <param name="sizes">Measures bodies; null where nobody wants that.</param>
/// <param name="time">Measures how long a request took.</param>
internal sealed class RequestObserver(RequestLog? log, BodySizeMetrics? sizes, TimeProvider time)
{
    private const string Component = "request_log";

    public Task Observe(HttpContext context, RequestDelegate next)
    {
        var isLogged = log is not null && !log.LeavesOut(context.Request.Path);
        return isLogged || sizes is not null ? Follow(context, next, isLogged) : next(context);
    }

    private async Task Follow(HttpContext context, RequestDelegate next, bool isLogged)
    {
        var exchange = RequestExchange.Enter(context);
        var started = time.GetTimestamp();
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            End(context, exchange, exception, time.GetElapsedTime(started), isLogged);
            throw;
        }

        End(context, exchange, null, time.GetElapsedTime(started), isLogged);
    }

    private void End(HttpContext context, RequestExchange exchange, Exception? exception, TimeSpan duration, bool isLogged)
    {
        try
        {
            var outcome = RequestOutcome.Of(context, exchange, exception, duration);
            exchange.Leave(context);
            sizes?.Record(context, outcome);
            if (isLogged) log!.Write(context, outcome);
        }
        catch (Exception failure)
        {
            TelemetryLosses.Count("logs", Component, "failed");
            TelemetryErrors.Report(Diagnostic.RequestNotLogged, Component, "a request could not be logged or measured", "See the cause: a log provider of the application threw", failure);
        }
    }
}
