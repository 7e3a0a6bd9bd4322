using System.Net;

namespace OtelTelemetry.Delivery;

/// <summary>
/// The end of an exporter's client: it takes a request, answers at once that all is well, and leaves the sending to its destination.
/// What has no body goes straight through. Both ways to send are overridden, since the official OTLP exporter uses both.
/// </summary>
internal sealed class DeliveryHandler(DeliveryDestination destination, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var route = RouteOf(request);
        if (route is null) return base.Send(request, cancellationToken);
        return Accept(request, route, RequestBody.Read(request.Content!, cancellationToken));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var route = RouteOf(request);
        if (route is null) return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return Accept(request, route, await RequestBody.ReadAsync(request.Content!, cancellationToken).ConfigureAwait(false));
    }

    private DeliveryRoute? RouteOf(HttpRequestMessage request)
    {
        if (request.Content is null || request.RequestUri is null) return null;
        var route = DeliveryRoute.Of(request);
        return destination.Learn(route) ? route : null;
    }

    private HttpResponseMessage Accept(HttpRequestMessage request, DeliveryRoute route, RequestBody body)
    {
        var headers = request.Content!.Headers;
        var encoding = route.IsGrpc
            ? request.Headers.TryGetValues("grpc-encoding", out var values) && Otlp.GrpcFrame.IsCompressed(body.Memory.Span) ? string.Join(", ", values) : ""
            : string.Join(", ", headers.ContentEncoding);
        var waits = destination.Accept(route, headers.ContentType?.ToString() ?? "", encoding, DeliveryRequest.ItemsOf(request), body);
        return Answer(request, route, waits);
    }

    /// <summary>What is pending has been taken over: to the exporter it is sent. What was dropped is counted; the exporter is told.</summary>
    private static HttpResponseMessage Answer(HttpRequestMessage request, DeliveryRoute route, bool waits)
    {
        var response = new HttpResponseMessage(waits || route.IsGrpc ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable) { RequestMessage = request, Version = request.Version };
        if (!route.IsGrpc) return response;

        // An empty message, and how it went.
        response.Content = new ByteArrayContent(new byte[Otlp.GrpcFrame.HeaderLength]);
        response.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        response.TrailingHeaders.TryAddWithoutValidation("grpc-status", waits ? "0" : "13");
        return response;
    }
}
