using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace OtelTelemetry.Delivery;

/// <summary>How a request is sent now: method, address and headers of the settings in use. Immutable.</summary>
internal sealed class DeliveryRoute
{
    private static readonly Func<HttpRequestMessage, CancellationToken, ValueTask> s_nothing = static (_, _) => ValueTask.CompletedTask;

    private readonly HttpMethod _method;
    private readonly Uri _address;
    private readonly KeyValuePair<string, string[]>[] _headers;
    private readonly Func<HttpRequestMessage, CancellationToken, ValueTask> _prepare;

    public DeliveryRoute(HttpMethod method, Uri address, IEnumerable<KeyValuePair<string, string[]>> headers, bool isGrpc, Func<HttpRequestMessage, CancellationToken, ValueTask>? prepare = null)
    {
        _method = method;
        _address = address;
        // Says how the body is compressed, which the outbox knows better.
        _headers = [.. headers.Where(header => !header.Key.Equals("grpc-encoding", StringComparison.OrdinalIgnoreCase))];
        _prepare = prepare ?? s_nothing;
        IsGrpc = isGrpc;
        Key = KeyOf(method, address);
        Server = address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
    }

    /// <summary>A digest that tells one address from another without telling either: both path and query may hold secrets. Host and
    /// scheme do not count, so that what waits follows the server to another one.</summary>
    public string Key { get; }

    /// <summary>Scheme, host and port.</summary>
    public string Server { get; }

    public bool IsGrpc { get; }

    public static string KeyOf(HttpMethod method, Uri address) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{method} {address.PathAndQuery}")).AsSpan(0, 12));

    public static DeliveryRoute Of(HttpRequestMessage request) => new(
        request.Method,
        request.RequestUri!,
        request.Headers.NonValidated.Select(header => KeyValuePair.Create(header.Key, header.Value.ToArray())),
        IsGrpcContent(request.Content?.Headers.ContentType?.MediaType),
        DeliveryRequest.PrepareOf(request));

    public static bool IsGrpcContent(string? mediaType) => mediaType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    public async ValueTask<HttpRequestMessage> CreateAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(_method, _address) { Content = new ReadOnlyMemoryContent(item.Body) };
        if (IsGrpc)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        foreach (var (name, values) in _headers) request.Headers.TryAddWithoutValidation(name, values);
        if (item.ContentType.Length > 0) request.Content.Headers.TryAddWithoutValidation("Content-Type", item.ContentType);
        if (item.ContentEncoding.Length > 0)
        {
            if (IsGrpc) request.Headers.TryAddWithoutValidation("grpc-encoding", item.ContentEncoding);
            else request.Content.Headers.TryAddWithoutValidation("Content-Encoding", item.ContentEncoding);
        }

        await _prepare(request, cancellationToken).ConfigureAwait(false);
        return request;
    }

    /// <summary>A text of the backend without the values of our headers, should it repeat them.</summary>
    public string Redact(string text)
    {
        foreach (var value in _headers.SelectMany(header => header.Value))
        {
            if (value.Length >= 4) text = text.Replace(value, "(hidden)", StringComparison.Ordinal);
        }

        return text;
    }
}
