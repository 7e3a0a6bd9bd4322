using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace OtelTelemetry.AspNetCore.Requests;

/// <summary>How a request ended. Immutable.</summary>
/// <param name="Status">The status, as the client gets it; 499 where the client did not wait for one.</param>
/// <param name="Route">The template that matched; null for none.</param>
/// <param name="ErrorType">What went wrong on this side: the exception's type, or the status; null for nothing.</param>
/// <param name="HasThrown">Whether <paramref name="ErrorType"/> is an exception that nobody handled.</param>
/// <param name="IsClientGone">Whether the client broke off.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="RequestBytes">The size of the request's body.</param>
/// <param name="ResponseBytes">The size of the answer's body, as it was given to the server.</param>
internal readonly record struct RequestOutcome(int Status, string? Route, string? ErrorType, bool HasThrown, bool IsClientGone, TimeSpan Duration, long RequestBytes, long ResponseBytes)
{
    /// <summary>What an answer that the application broke off is called.</summary>
    private const string Aborted = "aborted";

    /// <summary>Whether it failed on this side.</summary>
    public bool IsServerError => Status >= 500 || (ErrorType is not null && Status < 400);

    /// <summary>Whether the client got it wrong, or did not wait.</summary>
    public bool IsClientError => !IsServerError && (Status >= 400 || IsClientGone);

    public static RequestOutcome Of(HttpContext context, RequestExchange exchange, Exception? exception, TimeSpan duration)
    {
        var response = context.Response;
        var handled = context.Features.Get<IExceptionHandlerFeature>();
        var isWhole = exchange.IsCompleted || IsWhole(context, exchange);
        var isClientGone = !exchange.IsAborted && !isWhole && context.RequestAborted.IsCancellationRequested && exception is null or OperationCanceledException or IOException;
        var status = response.HasStarted ? response.StatusCode
            : isClientGone ? StatusCodes.Status499ClientClosedRequest
            : exception switch { null => response.StatusCode, BadHttpRequestException bad => bad.StatusCode, _ => StatusCodes.Status500InternalServerError };
        var error = isClientGone ? null
            : exception is not null ? exception.GetType().FullName
            : status >= 500 ? handled?.Error.GetType().FullName ?? Boxed.TextOf(status)
            : exchange.IsAborted ? Aborted
            : null;
        var hasNoBody = (exception is not null && !response.HasStarted) || CannotHaveBody(context.Request.Method, status);
        return new(
            status,
            RequestRoute.Of(context, handled),
            error,
            HasThrown: exception is not null && !isClientGone,
            isClientGone,
            duration,
            context.Request.ContentLength ?? exchange.RequestBytes,
            hasNoBody ? 0 : exchange.ResponseBytes);
    }

    /// <summary>Whether a client that goes now has everything: it may do so before the request has ended here. An answer without a length is complete only when the server ends it.</summary>
    private static bool IsWhole(HttpContext context, RequestExchange exchange)
    {
        var response = context.Response;
        if (!response.HasStarted) return false;
        return CannotHaveBody(context.Request.Method, response.StatusCode) || (response.ContentLength is { } length && exchange.ResponseBytes >= length);
    }

    /// <summary>Whether servers send no body, whatever is written (RFC 9110, 6.4.1 and 15.3.6). What follows an upgrade (101) is none.</summary>
    private static bool CannotHaveBody(string method, int status) =>
        HttpMethods.IsHead(method) || status is < 200 or StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified;
}
