using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Logging.Levels;

namespace OtelTelemetry.AspNetCore;

/// <summary>Stands before everything that answers a request, and lets chosen ones be logged in more detail. Costs nothing noticeable for the rest.</summary>
internal sealed class RequestLogLevelFilter(LiveLogLevels levels) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => builder =>
    {
        builder.Use(following => context => Level(context) is { } level ? Raised(following, context, level) : following(context));
        next(builder);
    };

    private static async Task Raised(RequestDelegate following, HttpContext context, LogLevel level)
    {
        using var raised = RaisedLevel.Begin(level);
        await following(context).ConfigureAwait(false);
    }

    private LogLevel? Level(HttpContext context)
    {
        var requests = levels.Requests;
        if (!requests.IsOn) return null;
        return requests.Decide(requests.Header is { } header && context.Request.Headers.TryGetValue(header, out var values) ? values.ToString() : null);
    }
}
