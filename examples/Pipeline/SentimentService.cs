using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Hosting;

namespace Pipeline;

/// <summary>Stands for another company's service: an HTTP server that says how texts sound, takes its time, refuses some calls, and bills tokens.
/// It does not take part in the pipeline's telemetry; it keeps its own books, as another company would, and prints them when it ends.</summary>
internal sealed class SentimentService(PipelineSettings settings) : BackgroundService
{
    private static readonly string[] s_praise = ["great", "love"];
    private static readonly string[] s_blame = ["broke", "expensive", "awful"];
    private readonly HttpListener _listener = new() { Prefixes = { settings.Service.Address.ToString() } };
    private readonly Random _random = settings.Seed is { } seed ? new Random(seed) : new Random();
    private int _answered;
    private int _refused;
    private int _tokens;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.Start();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _listener.Stop();
        await base.StopAsync(cancellationToken);
        Console.WriteLine($"The service outside answered {_answered} calls for {_tokens} tokens and refused {_refused}.");
    }

    public override void Dispose()
    {
        _listener.Close();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_listener.IsListening)
        {
            HttpListenerContext call;
            try
            {
                call = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return; // It was stopped.
            }

            await Answer(call);
        }
    }

    /// <summary>Answers one call after the other: the pipeline makes no two at once, and so the same seed refuses the same ones.</summary>
    private async Task Answer(HttpListenerContext call)
    {
        await Task.Delay(settings.Service.Latency * (0.5 + _random.NextDouble()));
        if (_random.NextDouble() < settings.Service.FailureRatio)
        {
            _refused++;
            call.Response.StatusCode = _refused % 2 == 0 ? (int)HttpStatusCode.TooManyRequests : (int)HttpStatusCode.ServiceUnavailable;
        }
        else
        {
            var request = (await JsonSerializer.DeserializeAsync<SentimentRequest>(call.Request.InputStream, JsonSerializerOptions.Web))!;
            var answer = new SentimentAnswer([.. request.Texts.Select(Sentiment)], request.Texts.Sum(text => text.Split(' ').Length));
            _answered++;
            _tokens += answer.Tokens;
            call.Response.ContentType = "application/json";
            await JsonSerializer.SerializeAsync(call.Response.OutputStream, answer, JsonSerializerOptions.Web);
        }

        call.Response.Close();
    }

    private static string Sentiment(string text)
    {
        if (s_praise.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase))) return "positive";
        return s_blame.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)) ? "negative" : "neutral";
    }
}
