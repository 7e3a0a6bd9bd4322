using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OtelTelemetry.Tracing;

namespace OtelTelemetry.AspNetCore;

/// <summary>
/// Completes ASP.NET Core's server span, which comes without name, tags and status (OpenTelemetry semantic conventions 1.23,
/// "HTTP server"), and un-records the spans of excluded paths, children included. The query is left out: it may hold secrets.
/// Allocates nothing but the tags it sets.
/// </summary>
internal sealed class ServerSpanObserver(ExcludedPaths excluded, bool forwardRequestId = false) : IObserver<KeyValuePair<string, object?>>
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";
    private const string Start = Request + ".Start";
    private const string Stop = Request + ".Stop";
    private const string UnhandledException = "Microsoft.AspNetCore.Hosting.UnhandledException";

    private readonly HostTags _hosts = new();

    /// <summary>Which events ASP.NET Core need raise for us.</summary>
    public static bool IsWanted(string name, object? first, object? second) => name is Request or Start or Stop or UnhandledException;

    public void OnNext(KeyValuePair<string, object?> value)
    {
        try
        {
            if (value.Value is HttpContext context)
            {
                if (value.Key == Stop) OnStop(context);
                else if (value.Key == Start) OnStart(context);
            }
            else if (value.Key == UnhandledException && Activity.Current is { IsAllDataRequested: true } span)
            {
                SetError(span, UnhandledExceptionPayload.TypeOf(value.Value) ?? "500");
            }
        }
        catch (Exception)
        {
            // A span that is not complete harms less than a request that fails.
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private void OnStart(HttpContext context)
    {
        if (Activity.Current is not { OperationName: Request } span) return;
        if (forwardRequestId && context.Request.Headers[MeshRequestId.Header] is [var id] && MeshRequestId.IsValid(id)) MeshRequestId.Set(span, id!);
        if (!excluded.Contains(context.Request.Path)) return;

        // Spans below see a parent that is not recorded, and follow it.
        span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        span.IsAllDataRequested = false;
    }

    private void OnStop(HttpContext context)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span) return;
        var request = context.Request;
        var method = HttpNames.KnownMethod(request.Method);
        var failure = context.Features.Get<IExceptionHandlerFeature>();
        var route = RequestRoute.Of(context, failure);
        span.DisplayName = SpanNames.Of(method ?? "HTTP", route);
        span.SetTag("http.request.method", method ?? "_OTHER");
        if (method is null) span.SetTag("http.request.method_original", request.Method);
        if (route is not null) span.SetTag("http.route", route);
        span.SetTag("url.scheme", request.Scheme);
        span.SetTag("url.path", request.PathBase.HasValue ? request.PathBase.Value + request.Path.Value : request.Path.Value);
        if (request.Host.HasValue) _hosts.Set(span, request.Host);
        if (HttpNames.ProtocolVersion(request.Protocol) is { } version) span.SetTag("network.protocol.version", version);
        if (request.Headers.UserAgent is [{ Length: > 0 } agent, ..]) span.SetTag("user_agent.original", agent);
        SetOutcome(span, context.Response, failure?.Error);
    }

    private static void SetOutcome(Activity span, HttpResponse response, Exception? exception)
    {
        // Some servers send their 500 for an exception nobody handled only after this event.
        var status = span.Status == ActivityStatusCode.Error && !response.HasStarted && response.StatusCode < 400 ? 500 : response.StatusCode;
        span.SetTag("http.response.status_code", Boxed.Of(status));
        if (status >= 500) SetError(span, exception?.GetType().FullName ?? Boxed.TextOf(status));
    }

    /// <summary>What was set before, by an earlier event or by the application, stays.</summary>
    private static void SetError(Activity span, string type)
    {
        if (span.Status == ActivityStatusCode.Unset) span.SetStatus(ActivityStatusCode.Error);
        if (span.GetTagItem("error.type") is null) span.SetTag("error.type", type);
    }
}
