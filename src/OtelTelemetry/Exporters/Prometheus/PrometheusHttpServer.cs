using OtelTelemetry.Diagnostics;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Serves scrapes on a port of its own: for workers and console programs, and for web applications that keep metrics away from
/// their public port. Thread-safe.</summary>
public sealed class PrometheusHttpServer : IAsyncDisposable
{
    /// <summary>The port when the settings name none: 9464, which OpenTelemetry reserves for Prometheus endpoints.</summary>
    public const int DefaultPort = 9464;

    private readonly PrometheusScrapeHandler _handler;
    private readonly PrometheusExporterOptions _options;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentDictionary<Task, bool> _scrapes = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private HttpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Makes a server, which listens only after <see cref="StartAsync"/>.</summary>
    /// <param name="handler">Answers the scrapes.</param>
    /// <param name="options">Port, host and path, copied here.</param>
    /// <param name="logger">Told of scrapes that failed.</param>
    /// <exception cref="ArgumentException">Settings are wrong; the message names all of them.</exception>
    public PrometheusHttpServer(PrometheusScrapeHandler handler, PrometheusExporterOptions options, ILogger<PrometheusHttpServer>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(options);
        var errors = options.Validate("PrometheusExporterOptions").ToArray();
        if (errors.Length > 0) throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
        _handler = handler;
        _options = options.Copy();
        _logger = (ILogger?)logger ?? NullLogger.Instance;
        _free = new SemaphoreSlim(_options.MaxConcurrentScrapes);
    }

    /// <summary>Where a person finds the metrics.</summary>
    public string Address
    {
        get
        {
            var host = IsEveryAddress(_options.Host) ? "localhost" : Bracketed(_options.Host);
            return string.Create(CultureInfo.InvariantCulture, $"http://{host}:{Port}{_options.Path}");
        }
    }

    private int Port => _options.Port ?? DefaultPort;

    /// <summary>Begins to listen. Does nothing when it listens already.</summary>
    /// <exception cref="InvalidOperationException">The port cannot be listened on; the message says why and what to do.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            if (_listener is not null) return Task.CompletedTask;

            var listener = new HttpListener { IgnoreWriteExceptions = true };
            try
            {
                foreach (var host in ListenedHosts()) listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{Port}/"));
                listener.Start();
            }
            catch (Exception exception)
            {
                listener.Close();
                throw new InvalidOperationException(
                    $"Metrics cannot be served at {Address}: {exception.Message} Another program, or another part of this one, may listen on port {Port} already, "
                    + "or the host may not be an address of this machine. Set the Prometheus exporter's Port to a free one, or its Host to localhost or +.",
                    exception);
            }

            _listener = listener;
            _accepting = Task.Run(() => AcceptAsync(listener), CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    /// <summary>Stops listening and ends the scrapes that run. A server that was stopped cannot be started again.</summary>
    /// <param name="cancellationToken">Ends the waiting for them.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested) return;
            _stopping.Cancel();
        }

        try
        {
            // First the scrapes, then the listener: closing it cuts its connections in a way that looks like whole answers.
            await Task.WhenAll(_scrapes.Keys).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The time to stop is over; what still runs ends by itself.
        }

        _listener?.Close();
        await _accepting.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private async Task AcceptAsync(HttpListener listener)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync().ConfigureAwait(false);
            }
            catch (Exception) when (!listener.IsListening)
            {
                return;
            }
            catch (Exception exception)
            {
                _logger.LogDebug(Diagnostic.MetricsServerConnectionFailed.EventId, exception, "A connection to the metrics port failed.");
                continue;
            }

            if (_stopping.IsCancellationRequested || !_free.Wait(0, CancellationToken.None))
            {
                Refuse(context.Response, HttpStatusCode.ServiceUnavailable);
                continue;
            }

            var scrape = Task.Run(() => AnswerAsync(context), CancellationToken.None);
            _scrapes.TryAdd(scrape, true);
            _ = scrape.ContinueWith(
                done =>
                {
                    _scrapes.TryRemove(done, out _);
                    _free.Release();
                },
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var response = context.Response;
        try
        {
            var request = context.Request;
            if (request.Url?.AbsolutePath != _options.Path)
            {
                Refuse(response, HttpStatusCode.NotFound);
                return;
            }

            var headOnly = request.HttpMethod == "HEAD";
            if (!headOnly && request.HttpMethod != "GET")
            {
                response.Headers[HttpResponseHeader.Allow] = "GET, HEAD";
                Refuse(response, HttpStatusCode.MethodNotAllowed);
                return;
            }

            await AnswerScrapeAsync(request, response, headOnly).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _logger.LogDebug(Diagnostic.ScrapeAnswerFailed.EventId, exception, "A scrape could not be answered.");
            response.Abort();
        }
    }

    private async Task AnswerScrapeAsync(HttpListenerRequest request, HttpListenerResponse response, bool headOnly)
    {
        var format = _handler.Negotiate(request.Headers["Accept"]);
        var gzip = PrometheusScrapeHandler.AcceptsGzip(request.Headers["Accept-Encoding"]);
        response.ContentType = format.ContentType;
        response.Headers["Vary"] = "Accept, Accept-Encoding";
        if (gzip) response.Headers["Content-Encoding"] = "gzip";
        if (headOnly)
        {
            response.Close();
            return;
        }

        response.SendChunked = request.ProtocolVersion >= HttpVersion.Version11;
        using var deadline = _handler.BeginDeadline(request.Headers[ScrapeDeadline.HeaderName], _stopping.Token);
        if (gzip)
        {
            var compressed = new GZipStream(response.OutputStream, CompressionLevel.Fastest, leaveOpen: true);
            await using (compressed.ConfigureAwait(false)) await WriteAsync(compressed, format, deadline.Token).ConfigureAwait(false);
        }
        else
        {
            await WriteAsync(response.OutputStream, format, deadline.Token).ConfigureAwait(false);
        }

        response.Close();
    }

    private async Task WriteAsync(Stream output, PrometheusFormat format, CancellationToken cancellationToken)
    {
        try
        {
            await _handler.WriteAsync(output, format, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // HttpListener ends an aborted answer as if it were whole, and a text with half the metrics is valid. A line that no parser
            // accepts makes the scraper see a failed scrape instead of vanished series. (Only whole lines were written before.)
            _logger.LogDebug(Diagnostic.ScrapeIncomplete.EventId, exception, "A scrape was not completed.");
            await output.WriteAsync("incomplete\n"u8.ToArray(), CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static void Refuse(HttpListenerResponse response, HttpStatusCode status)
    {
        try
        {
            response.StatusCode = (int)status;
            response.Close();
        }
        catch (Exception)
        {
            response.Abort();
        }
    }

    private string[] ListenedHosts()
    {
        if (IsEveryAddress(_options.Host)) return ["+"];
        // HttpListener compares the Host header: a scraper that says 127.0.0.1 is to be answered as well as one that says localhost.
        // On Windows the second needs rights of its own.
        return _options.Host == "localhost" && !OperatingSystem.IsWindows() ? ["localhost", "127.0.0.1"] : [Bracketed(_options.Host)];
    }

    private static bool IsEveryAddress(string host) => host is "+" or "*" or "0.0.0.0" or "::" or "[::]";

    private static string Bracketed(string host) => host.Contains(':', StringComparison.Ordinal) && host[0] != '[' ? $"[{host}]" : host;
}
