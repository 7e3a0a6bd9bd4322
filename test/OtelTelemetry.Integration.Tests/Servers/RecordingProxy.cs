using System.Collections.Concurrent;
using System.Net;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>A scrape as it went over the wire.</summary>
internal sealed record RecordedScrape(string Accept, string ContentType, int Status);

/// <summary>Stands between a scraper and its target, forwards every request and keeps what was asked and answered.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
    private readonly ConcurrentQueue<RecordedScrape> _scrapes = new();
    private readonly Uri _target;
    private readonly Task _loop;

    private RecordingProxy(Uri target)
    {
        _target = target;
        Address = new Uri($"http://127.0.0.1:{FreePort.Next()}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _loop = Forward();
    }

    /// <summary>What the scraper is told to read.</summary>
    public Uri Address { get; }

    public IReadOnlyCollection<RecordedScrape> Scrapes => _scrapes;

    public static RecordingProxy Start(Uri target) => new(target);

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
        _http.Dispose();
    }

    private async Task Forward()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            await Forward(context);
        }
    }

    private async Task Forward(HttpListenerContext context)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_target, context.Request.RawUrl));
        foreach (var name in context.Request.Headers.AllKeys.Where(name => name is not ("Host" or "Connection")))
        {
            request.Headers.TryAddWithoutValidation(name!, context.Request.Headers[name]);
        }

        try
        {
            using var response = await _http.SendAsync(request);
            _scrapes.Enqueue(new RecordedScrape(
                context.Request.Headers["Accept"] ?? "", response.Content.Headers.ContentType?.ToString() ?? "", (int)response.StatusCode));
            context.Response.StatusCode = (int)response.StatusCode;
            context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
            foreach (var encoding in response.Content.Headers.ContentEncoding) context.Response.AddHeader("Content-Encoding", encoding);
            await response.Content.CopyToAsync(context.Response.OutputStream);
            context.Response.Close();
        }
        catch (Exception exception) when (exception is HttpRequestException or HttpListenerException or ObjectDisposedException or IOException)
        {
            context.Response.Abort();
        }
    }
}
