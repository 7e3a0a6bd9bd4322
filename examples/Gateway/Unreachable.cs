using Yarp.ReverseProxy.Forwarder;

namespace Gateway;

/// <summary>Says what happened where the shop did not answer: the proxy alone sends a status without a word.</summary>
internal static class Unreachable
{
    public static async Task Explain(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Features.Get<IForwarderErrorFeature>() is not { } error || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested) return;
        await Results.Problem(detail: $"The shop does not answer: {error.Error}.", statusCode: context.Response.StatusCode).ExecuteAsync(context);
    }
}
