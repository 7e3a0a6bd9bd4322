using System.Net;
using System.Net.Http.Headers;

namespace OtelTelemetry.Tests.Support;

/// <summary>Takes the place of the network below an HttpClient: keeps what was sent and answers as a test says. Thread-safe.</summary>
internal sealed class RecordingBackend : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private readonly List<SentRequest> _requests = [];

    /// <summary>Answers a request. Default: 200 to everything.</summary>
    public Func<SentRequest, HttpResponseMessage> Answer { get; set; } = _ => new HttpResponseMessage(HttpStatusCode.OK);

    public IReadOnlyList<SentRequest> Requests
    {
        get
        {
            lock (_gate) return [.. _requests];
        }
    }

    /// <summary>Makes a client that sends here; ending it does not end this.</summary>
    public HttpClient CreateClient() => new(this, disposeHandler: false);

    /// <summary>Answers everything with a status and a text.</summary>
    public void AnswerWith(HttpStatusCode status, string text = "") => Answer = _ => new HttpResponseMessage(status) { Content = new StringContent(text) };

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var body = new MemoryStream();
        request.Content?.CopyTo(body, null, cancellationToken);
        return Record(request, body.ToArray());
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Record(request, request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    private HttpResponseMessage Record(HttpRequestMessage request, byte[] body)
    {
        var sent = new SentRequest(request.Method.Method, request.RequestUri!, body, request.Headers, request.Content?.Headers);
        lock (_gate) _requests.Add(sent);
        return Answer(sent);
    }
}

/// <summary>A request as it was sent.</summary>
internal sealed record SentRequest(string Method, Uri Address, byte[] Body, HttpRequestHeaders Headers, HttpContentHeaders? ContentHeaders)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;
}
