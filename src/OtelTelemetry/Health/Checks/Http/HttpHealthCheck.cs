using System.Globalization;
using System.Net.Http;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OtelTelemetry.Health.Checks.Http;

/// <summary>Sends a request and compares the answer. Thread-safe.</summary>
internal sealed class HttpHealthCheck : IHealthCheck, IDisposable
{
    private readonly HttpHealthCheckOptions _options;
    private readonly HttpClient _client;
    private readonly string _place;

    public HttpHealthCheck(HttpHealthCheckOptions options)
    {
        _options = options;

        // A pooled connection could outlive what it is to tell of, and without a propagator there is no span.
        _client = new HttpClient(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.Zero,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };

        // User, password and query may be secrets.
        _place = options.Url!.GetLeftPart(UriPartial.Path).Replace($"{options.Url.UserInfo}@", "", StringComparison.Ordinal);
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(new HttpMethod(_options.Method.ToUpperInvariant()), _options.Url);
        foreach (var (name, value) in _options.Headers)
        {
            if (request.Headers.TryAddWithoutValidation(name, value)) continue;
            request.Content ??= new ByteArrayContent([]);
            request.Content.Headers.Remove(name);
            request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        if (_options.Url!.UserInfo.Length > 0) request.Headers.Authorization ??= new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(_options.Url.UserInfo))));
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            if (!IsExpected(status)) return Failed($"{_place} answered with status {status}, expected {Expected()}");
            if (_options.BodyContains is { } text && !(await ReadBodyAsync(response.Content, cancellationToken).ConfigureAwait(false)).Contains(text, StringComparison.Ordinal))
            {
                return Failed($"{_place} answered with status {status}, but without the text that is expected");
            }

            return HealthCheckResult.Healthy();
        }
        catch (HttpRequestException exception)
        {
            return Failed($"no answer from {_place}: {exception.Message}", exception);
        }

        HealthCheckResult Failed(string description, Exception? exception = null) => new(context.Registration.FailureStatus, description, exception);
    }

    public void Dispose() => _client.Dispose();

    private bool IsExpected(int status) => _options.ExpectedStatus.Count == 0 ? status is >= 200 and <= 299 : _options.ExpectedStatus.Contains(status);

    private string Expected() =>
        _options.ExpectedStatus.Count == 0 ? "200 to 299" : string.Join(" or ", _options.ExpectedStatus.Select(status => status.ToString(CultureInfo.InvariantCulture)));

    private static async Task<string> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            var buffer = new byte[HttpHealthCheckOptions.LargestBody];
            var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }
}
