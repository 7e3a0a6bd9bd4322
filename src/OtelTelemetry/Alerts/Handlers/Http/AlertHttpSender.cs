using System.Net.Http.Headers;
using OtelTelemetry.Delivery;
using OtelTelemetry.Exporters.Http;

namespace OtelTelemetry.Alerts.Handlers.Http;

/// <summary>Posts JSON to one address. Neither the address, which may hold a key, nor a key in the body is ever shown. Thread-safe.</summary>
internal sealed class AlertHttpSender : IDisposable
{
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly HttpClient _client;
    private readonly Uri _address;
    private readonly string _backend;
    private readonly HttpCredentials? _credentials;
    private readonly string[] _secrets;
    private readonly Func<HttpRequestMessage, CancellationToken, ValueTask>? _prepare;
    private readonly bool _preparesItself;

    /// <param name="client">Sends; it ends with this object.</param>
    /// <param name="address">Where to.</param>
    /// <param name="backend">What the other side is called in messages.</param>
    /// <param name="credentials">What each request carries; null for nothing.</param>
    /// <param name="secrets">What else must not be shown, should the other side repeat it.</param>
    /// <param name="prepare">Changes the request before each attempt; null where nothing is to be changed.</param>
    /// <param name="preparesItself">Whether nobody below the client calls <paramref name="prepare"/>.</param>
    public AlertHttpSender(
        HttpClient client, Uri address, string backend, HttpCredentials? credentials = null, IEnumerable<string>? secrets = null, Func<HttpRequestMessage, CancellationToken, ValueTask>? prepare = null,
        bool preparesItself = false)
    {
        _client = client;
        _address = address;
        _backend = backend;
        _credentials = credentials;
        _prepare = prepare;
        _preparesItself = preparesItself;
        _secrets = [.. SecretsOf(address), .. secrets ?? []];
    }

    /// <exception cref="HttpRequestException">It was not taken.</exception>
    public async ValueTask SendAsync(byte[] body, int alerts, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = s_json;
        _credentials?.Apply(request);
        DeliveryRequest.SetItems(request, alerts);
        DeliveryRequest.SetSecrets(request, _secrets);
        if (_prepare is not null && _preparesItself) await _prepare(request, cancellationToken).ConfigureAwait(false);
        else if (_prepare is not null) DeliveryRequest.SetPrepare(request, _prepare);
        var server = _address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode) return;
        throw new HttpRequestException($"{_backend} at {server} did not take the alerts (status {(int)response.StatusCode})", null, response.StatusCode);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>An incoming webhook's address is its key: whole, and piece by piece.</summary>
    private static IEnumerable<string> SecretsOf(Uri address)
    {
        if (address.PathAndQuery.Length > 1) yield return address.PathAndQuery;
        if (address.AbsolutePath.Length > 1) yield return address.AbsolutePath;
        foreach (var part in address.PathAndQuery.Split('/', '?', '&', '='))
        {
            // Shorter ones are words of every day.
            if (part.Length >= 8) yield return part;
        }
    }
}
