using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using OtelTelemetry.Delivery.Otlp;
using OtelTelemetry.Delivery.Splitting;

namespace OtelTelemetry.Delivery;

/// <summary>Sends requests over HTTP and reads the answers: what was taken, what never will be, what is worth another try. Thread-safe.</summary>
internal sealed class HttpDeliverySender(Func<HttpMessageInvoker> createClient, bool isOtlp, TimeProvider time, IRequestSplitter? splitter = null) : IDeliverySender
{
    /// <summary>An answer is read up to here; nothing useful is longer.</summary>
    private const int MostOfAnswer = 64 * 1024;
    private const int MostOfMessage = 300;

    /// <summary>The most addresses of one destination.</summary>
    private const int MostRoutes = 256;

    private static readonly TimeSpan s_longestRetryAfter = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DeliveryRoute> _routes = new(StringComparer.Ordinal);
    private readonly Lazy<HttpMessageInvoker> _client = new(createClient);

    public bool IsOtlp => isOtlp;

    public bool Knows(string route) => _routes.ContainsKey(route);

    public string ServerOf(string route) => _routes.TryGetValue(route, out var known) ? known.Server : "";

    public IRequestSplitter? SplitterOf(string route) => (_routes.TryGetValue(route, out var known) ? known.Splitter : null) ?? splitter;

    /// <summary>Remembers how requests to an address are sent now.</summary>
    /// <returns>Whether there was room for it.</returns>
    public bool Learn(DeliveryRoute route)
    {
        if (_routes.Count >= MostRoutes && !_routes.ContainsKey(route.Key)) return false;
        _routes[route.Key] = route;
        return true;
    }

    public async Task<DeliveryOutcome> SendAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        if (!_routes.TryGetValue(item.Route, out var route)) return DeliveryOutcome.Failed("the address of the request is not known yet", wasSent: false);
        HttpRequestMessage? request = null;
        try
        {
            request = await route.CreateAsync(item, cancellationToken).ConfigureAwait(false);
            using var response = await _client.Value.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var answers = response.IsSuccessStatusCode ? route.Answers : null;
            var answer = await ReadAsync(response, answers?.MostOfAnswer ?? MostOfAnswer, cancellationToken).ConfigureAwait(false);
            var outcome = answers is not null ? OfItems(route, answers, item, response, answer) : route.IsGrpc ? OfGrpc(route, response, answer) : OfHttp(route, response, answer);
            outcome = outcome with { IsBodyFree = request.Content is BodyContent { IsWritten: true } };
            if (outcome.Refusal is { } refusal) outcome = outcome with { Refusal = (Short(route.Redact(refusal.Problem, request)), refusal.Remedy) };
            return outcome.Error is null ? outcome : outcome with { Error = Short(route.Redact(outcome.Error, request)) };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            // Refused and broken connections, unknown hosts, an answer that ends in the middle. Whether it arrived is not known.
            return DeliveryOutcome.Failed(route.Redact($"{route.Server}: {Innermost(exception)}", request), isOutage: true);
        }
        finally
        {
            request?.Dispose();
        }
    }

    public void Dispose()
    {
        if (_client.IsValueCreated) _client.Value.Dispose();
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, int most, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var answer = new MemoryStream();
            var buffer = new byte[4096];
            while (answer.Length < most)
            {
                var read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (read == 0) break;
                answer.Write(buffer, 0, read);
            }

            return answer.ToArray();
        }
    }

    private DeliveryOutcome OfHttp(DeliveryRoute route, HttpResponseMessage response, byte[] answer)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
        {
            var isProtobuf = isOtlp && response.Content.Headers.ContentType?.MediaType == "application/x-protobuf";
            return isProtobuf ? Taken(route, answer) : DeliveryOutcome.Delivered();
        }

        return OfStatus(response, status, $"{route.Server} answers {status} {response.ReasonPhrase}{Message(answer)}");
    }

    /// <summary>The request came in; what became of its items is in the answer.</summary>
    private DeliveryOutcome OfItems(DeliveryRoute route, IAnswerReader answers, OutboxItem item, HttpResponseMessage response, byte[] answer)
    {
        // Of half a request the answer is half as long.
        if (answer.Length >= answers.MostOfAnswer) return DeliveryOutcome.Refused(DeliveryDropReasons.TooLarge, $"{route.Server} answers more than {answers.MostOfAnswer} bytes");
        var outcome = answers.Read(item, answer, route.Server);
        return outcome.Result == DeliveryResult.Failed ? outcome with { RetryAfter = RetryAfter(response) } : outcome;
    }

    private DeliveryOutcome OfStatus(HttpResponseMessage response, int status, string error)
    {
        return status switch
        {
            // What OTLP calls retryable; others retry every error of the server.
            408 or 429 => DeliveryOutcome.Failed(error, RetryAfter(response)),
            502 or 503 or 504 => DeliveryOutcome.Failed(error, RetryAfter(response), isOutage: true),
            >= 500 when !isOtlp => DeliveryOutcome.Failed(error, RetryAfter(response)),
            413 => DeliveryOutcome.Refused(DeliveryDropReasons.TooLarge, error),
            _ => DeliveryOutcome.Refused(DeliveryDropReasons.Rejected, error),
        };
    }

    private DeliveryOutcome OfGrpc(DeliveryRoute route, HttpResponseMessage response, byte[] answer)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            var http = (int)response.StatusCode;
            return OfStatus(response, http, $"{route.Server} answers HTTP status {http} to a gRPC call");
        }

        var code = Trailer(response, "grpc-status");
        var message = Uri.UnescapeDataString(Trailer(response, "grpc-message") ?? "");
        var error = $"{route.Server} answers gRPC status {code ?? "(none)"} {message}".TrimEnd();
        switch (code)
        {
            case "0":
                return Taken(route, GrpcFrame.Message(answer));
            case null or "1" or "4" or "10" or "11" or "15":
                return DeliveryOutcome.Failed(error);
            case "14":
                return DeliveryOutcome.Failed(error, Delay(), isOutage: true);
            case "8" when Delay() is { } delay:
                return DeliveryOutcome.Failed(error, delay);
            case "8" when IsAboutSize(message):
                return DeliveryOutcome.Refused(DeliveryDropReasons.TooLarge, error);
            default:
                return DeliveryOutcome.Refused(DeliveryDropReasons.Rejected, error);
        }

        TimeSpan? Delay() => OtlpResponses.RetryDelay(Trailer(response, "grpc-status-details-bin")) is { } delay && delay > TimeSpan.Zero ? Bounded(delay) : null;
    }

    private static string? Trailer(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values) ? values.FirstOrDefault() : null;

    private static DeliveryOutcome Taken(DeliveryRoute route, ReadOnlySpan<byte> answer)
    {
        var (rejected, says) = OtlpResponses.PartialSuccess(answer);
        var error = rejected > 0 || says is not null ? $"{route.Server} did not take {rejected} items: {says}".TrimEnd(' ', ':') : null;
        return DeliveryOutcome.Delivered(rejected, error);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is not { } after) return null;
        var delay = after.Delta ?? (after.Date - time.GetUtcNow());
        return delay > TimeSpan.Zero ? Bounded(delay.Value) : null;
    }

    private static TimeSpan Bounded(TimeSpan delay) => delay < s_longestRetryAfter ? delay : s_longestRetryAfter;

    /// <summary>The answer as far as it is a text for people.</summary>
    private static string Message(byte[] answer)
    {
        var text = System.Text.Encoding.UTF8.GetString(answer).Trim();
        return text.Length == 0 || text.Any(c => char.IsControl(c) && !char.IsWhiteSpace(c)) ? "" : ": " + text.ReplaceLineEndings(" ");
    }

    private static string Short(string text) => text.Length <= MostOfMessage ? text : string.Create(CultureInfo.InvariantCulture, $"{text[..MostOfMessage]}...");

    /// <summary>Of gRPC's libraries each says it in its own words: "received message larger than max", "exceeds the maximum".</summary>
    private static bool IsAboutSize(string message) =>
        message.Contains("message", StringComparison.OrdinalIgnoreCase)
        && (message.Contains("larger than", StringComparison.OrdinalIgnoreCase) || message.Contains("exceeds", StringComparison.OrdinalIgnoreCase));

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner) exception = inner;
        return exception.Message;
    }
}
