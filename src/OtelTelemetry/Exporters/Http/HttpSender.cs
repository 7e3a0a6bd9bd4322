using System.Net;
using System.Text;

namespace OtelTelemetry.Exporters.Http;

/// <summary>
/// Sends requests of one exporter and says in the operator's words what became of them. Retrying is the business of the handlers below the
/// client. Thread-safe.
/// </summary>
internal sealed class HttpSender : IDisposable
{
    /// <summary>How much of a server's answer is repeated in a message.</summary>
    private const int LongestExcerpt = 300;

    private readonly HttpClient _client;
    private readonly HttpCredentials _credentials;
    private readonly string _backend;
    private readonly string _unauthorized;

    /// <summary>Makes one.</summary>
    /// <param name="client">The client, which ends with this object.</param>
    /// <param name="credentials">What each request carries.</param>
    /// <param name="backend">What the other side is called in messages.</param>
    /// <param name="unauthorized">What to do when the other side does not believe who this is.</param>
    public HttpSender(HttpClient client, HttpCredentials credentials, string backend, string unauthorized = "give Username and Password, or BearerToken, or other ones")
    {
        _client = client;
        _credentials = credentials;
        _backend = backend;
        _unauthorized = unauthorized;
    }

    /// <summary>Sends a request.</summary>
    /// <param name="request">The request, which is disposed.</param>
    /// <param name="notFound">What to do when there is nothing at the address.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<HttpOutcome> SendAsync(HttpRequestMessage request, string notFound, CancellationToken cancellationToken)
    {
        using (request)
        {
            _credentials.Apply(request);
            var address = HttpEndpoints.Show(request.RequestUri!);
            try
            {
                using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                if (response.IsSuccessStatusCode) return new HttpOutcome(HttpVerdict.Accepted);
                return Explain(response.StatusCode, address, await ReadExcerptAsync(response, cancellationToken).ConfigureAwait(false), notFound);
            }
            catch (HttpRequestException exception)
            {
                return new HttpOutcome(
                    HttpVerdict.Unavailable,
                    $"{_backend} at {address} could not be reached ({_credentials.Hide(exception.Message)}): see whether it runs, and whether the address is right",
                    exception);
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                return new HttpOutcome(HttpVerdict.Unavailable, $"{_backend} at {address} did not answer in time: see whether it is overloaded", exception);
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpOutcome Explain(HttpStatusCode status, string address, string excerpt, string notFound)
    {
        var code = (int)status;
        var says = excerpt.Length == 0 ? "" : $": {excerpt}";
        if (code >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests)
        {
            return new HttpOutcome(HttpVerdict.Unavailable, $"{_backend} at {address} could not take the metrics (status {code}{says}); they may be taken later");
        }

        var remedy = status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => _unauthorized,
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => notFound,
            HttpStatusCode.RequestEntityTooLarge => "allow larger requests there, or make them smaller here",
            _ => "the same request would be refused again, so it is not repeated",
        };
        return new HttpOutcome(HttpVerdict.Refused, $"{_backend} at {address} refused the metrics (status {code}{says}); {remedy}", null, code);
    }

    /// <summary>The beginning of the answer, on one line.</summary>
    private async Task<string> ReadExcerptAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestExcerpt + _credentials.LongestSecret];
        var length = 0;
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (body.ConfigureAwait(false)) length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // The status says enough.
        }

        var text = new string([.. Encoding.UTF8.GetString(buffer, 0, length).Select(c => char.IsControl(c) ? ' ' : c)]);
        // Where there is more, a secret at the end may be cut: it is not shown.
        var shown = length < buffer.Length ? text.Length : Math.Max(0, text.Length - _credentials.LongestSecret);
        return _credentials.Hide(text, Math.Min(LongestExcerpt, shown)).Trim();
    }
}
