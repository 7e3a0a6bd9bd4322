using System.Net;
using System.Security.Cryptography;
using System.Text;
using OtelTelemetry.Delivery.Splitting;

namespace OtelTelemetry.Delivery;

/// <summary>How a request is sent now: method, address and headers of the settings in use. Immutable.</summary>
internal sealed class DeliveryRoute
{
    private static readonly Func<HttpRequestMessage, CancellationToken, ValueTask> s_nothing = static (_, _) => ValueTask.CompletedTask;

    /// <summary>Shorter values are words of every day, which would make holes in every message.</summary>
    private const int LeastSecret = 4;

    private readonly HttpMethod _method;
    private readonly Uri _address;
    private readonly KeyValuePair<string, string[]>[] _headers;
    private readonly Func<HttpRequestMessage, CancellationToken, ValueTask> _prepare;
    private readonly string[] _secrets;

    public DeliveryRoute(
        HttpMethod method, Uri address, IEnumerable<KeyValuePair<string, string[]>> headers, bool isGrpc,
        Func<HttpRequestMessage, CancellationToken, ValueTask>? prepare = null, IRequestSplitter? splitter = null, IAnswerReader? answers = null, string[]? secrets = null)
    {
        _secrets = secrets ?? [];
        _method = method;
        _address = address;
        // Says how the body is compressed, which the outbox knows better.
        _headers = [.. headers.Where(header => !header.Key.Equals("grpc-encoding", StringComparison.OrdinalIgnoreCase))];
        _prepare = prepare ?? s_nothing;
        IsGrpc = isGrpc;
        Splitter = splitter;
        Answers = answers;
        Key = KeyOf(method, address);
        Server = address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
    }

    /// <summary>A digest that tells one address from another without telling either: both path and query may hold secrets. Host and
    /// scheme do not count, so that what waits follows the server to another one.</summary>
    public string Key { get; }

    /// <summary>Scheme, host and port.</summary>
    public string Server { get; }

    public bool IsGrpc { get; }

    /// <summary>Splits what is too large; null when the destination knows how, or nobody.</summary>
    public IRequestSplitter? Splitter { get; }

    /// <summary>Reads what the server says of each item; null where it takes requests as a whole.</summary>
    public IAnswerReader? Answers { get; }

    public static string KeyOf(HttpMethod method, Uri address) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{method} {address.PathAndQuery}")).AsSpan(0, 12));

    public static DeliveryRoute Of(HttpRequestMessage request) => new(
        request.Method,
        request.RequestUri!,
        request.Headers.NonValidated.Select(header => KeyValuePair.Create(header.Key, header.Value.ToArray())),
        IsGrpcContent(request.Content?.Headers.ContentType?.MediaType),
        DeliveryRequest.PrepareOf(request),
        DeliveryRequest.SplitterOf(request),
        secrets: DeliveryRequest.SecretsOf(request));

    public static bool IsGrpcContent(string? mediaType) => mediaType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    public async ValueTask<HttpRequestMessage> CreateAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(_method, _address) { Content = new BodyContent(item.Body) };
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

    /// <summary>A text of the backend without the values of our headers and what else is secret, should it repeat them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="sent">The request that was sent, whose headers may have been made for it; null when there was none.</param>
    public string Redact(string text, HttpRequestMessage? sent = null)
    {
        var values = _headers.SelectMany(header => header.Value);
        if (sent is not null) values = values.Concat(sent.Headers.NonValidated.SelectMany(header => header.Value));
        // The longest first: one may be a part of another.
        foreach (var value in values.SelectMany(PartsOf).Concat(_secrets).Where(value => value.Length >= LeastSecret).Distinct().OrderByDescending(value => value.Length))
        {
            text = text.Replace(value, "(hidden)", StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>A header's value; what follows a scheme such as Bearer; and the password where it is one in another form.</summary>
    private static IEnumerable<string> PartsOf(string value)
    {
        yield return value;
        var blank = value.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0) yield break;
        var credentials = value[(blank + 1)..];
        yield return credentials;
        if (!value.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) && !value.StartsWith("ApiKey ", StringComparison.OrdinalIgnoreCase)) yield break;
        var decoded = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, decoded, out var length)) yield break;
        var pair = Encoding.UTF8.GetString(decoded, 0, length);
        yield return pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }
}
