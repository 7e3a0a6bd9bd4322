using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OtelTelemetry.AspNetCore.Requests;

/// <summary>
/// Stands between the application and the server for one request: counts the bytes of both bodies as they go by, and knows who broke off. Everything is passed on as it is: nothing is
/// buffered, files are still sent by the server, and what is upgraded (WebSockets) no longer comes by. Used by one request, as its features are.
/// </summary>
internal sealed class RequestExchange : IHttpResponseBodyFeature, IHttpRequestLifetimeFeature, IHttpResetFeature
{
    /// <summary>The codes of HTTP/2 and HTTP/3 that end a stream without an error (RFC 9113 and RFC 9114, "NO_ERROR").</summary>
    private const int Http2NoError = 0;
    private const int Http3NoError = 0x100;

    private readonly IHttpResponseBodyFeature _body;
    private readonly IHttpRequestLifetimeFeature _lifetime;
    private readonly IHttpResetFeature? _reset;
    private readonly CountingRequestStream? _request;
    private CountingResponseStream? _stream;
    private CountingResponseWriter? _writer;
    private long _fileBytes;

    private RequestExchange(IHttpResponseBodyFeature body, IHttpRequestLifetimeFeature lifetime, IHttpResetFeature? reset, CountingRequestStream? request)
    {
        _body = body;
        _lifetime = lifetime;
        _reset = reset;
        _request = request;
    }

    /// <summary>The bytes of the answer's body that were given to the server.</summary>
    public long ResponseBytes => (_stream?.Bytes ?? 0) + (_writer?.Bytes ?? 0) + _fileBytes;

    /// <summary>The bytes of the request's body that were read, where the request does not say how many there are.</summary>
    public long RequestBytes => _request?.Bytes ?? 0;

    /// <summary>Whether the application broke off.</summary>
    public bool IsAborted { get; private set; }

    /// <summary>Whether the application said that its answer is complete.</summary>
    public bool IsCompleted { get; private set; }

    /// <inheritdoc/>
    public Stream Stream => _stream ??= new CountingResponseStream(_body.Stream);

    /// <inheritdoc/>
    public PipeWriter Writer => _writer ??= new CountingResponseWriter(_body.Writer);

    /// <inheritdoc/>
    public CancellationToken RequestAborted
    {
        get => _lifetime.RequestAborted;
        set => _lifetime.RequestAborted = value;
    }

    /// <summary>Begins to stand there.</summary>
    public static RequestExchange Enter(HttpContext context)
    {
        var features = context.Features;
        var reset = features.Get<IHttpResetFeature>();
        var exchange = new RequestExchange(
            features.GetRequiredFeature<IHttpResponseBodyFeature>(), features.Get<IHttpRequestLifetimeFeature>() ?? new HttpRequestLifetimeFeature(), reset, CountRequest(context.Request));
        features.Set<IHttpResponseBodyFeature>(exchange);
        features.Set<IHttpRequestLifetimeFeature>(exchange);
        if (reset is not null) features.Set<IHttpResetFeature>(exchange);
        return exchange;
    }

    /// <summary>Ends it, as the server expects its own features back.</summary>
    public void Leave(HttpContext context)
    {
        context.Features.Set(_body);
        context.Features.Set(_lifetime);
        if (_reset is not null) context.Features.Set(_reset);
    }

    /// <inheritdoc/>
    public void Abort()
    {
        IsAborted = true;
        _lifetime.Abort();
    }

    /// <inheritdoc/>
    public void Reset(int errorCode)
    {
        if (errorCode is Http2NoError or Http3NoError) IsCompleted = true;
        else IsAborted = true;
        _reset!.Reset(errorCode);
    }

    /// <inheritdoc/>
    public void DisableBuffering() => _body.DisableBuffering();

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default) => _body.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        var bytes = count ?? (new FileInfo(path).Length - offset);
        await _body.SendFileAsync(path, offset, count, cancellationToken).ConfigureAwait(false);
        _fileBytes += bytes;
    }

    /// <inheritdoc/>
    public async Task CompleteAsync()
    {
        await _body.CompleteAsync().ConfigureAwait(false);
        IsCompleted = true;
    }

    /// <summary>A length that the request states is the one the server holds it to; only what has none is counted.</summary>
    private static CountingRequestStream? CountRequest(HttpRequest request)
    {
        if (request.ContentLength is not null || request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return null;
        var counting = new CountingRequestStream(request.Body);
        request.Body = counting;
        return counting;
    }
}
