using System.Net.Http;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Instruments;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tracing;

namespace Pipeline;

/// <summary>What the service is asked.</summary>
internal sealed record SentimentRequest(IReadOnlyList<string> Texts);

/// <summary>What it answers: a sentiment for each text, and the tokens that must be paid for.</summary>
internal sealed record SentimentAnswer(IReadOnlyList<string> Sentiments, int Tokens);

/// <summary>Calls the service, again where it failed, and counts calls, errors, retries and what it costs.</summary>
internal sealed class SentimentClient : IDisposable
{
    private readonly PipelineSettings _settings;
    private readonly PipelineInstruments _pipeline;
    private readonly ILogger<SentimentClient> _logger;
    private readonly Counter _retries;
    private readonly HttpClient _http;

    public SentimentClient(PipelineSettings settings, PipelineInstruments pipeline, MetricsCollector metrics, ILogger<SentimentClient> logger)
    {
        _settings = settings;
        _pipeline = pipeline;
        _logger = logger;
        _http = new HttpClient { BaseAddress = settings.Service.Address, Timeout = settings.Service.Timeout };

        // One of our own beside the ready-made ones.
        _retries = metrics.CreateCounter("pipeline_retries_total", "Calls that were made again after an error.", "pipeline_name", "step_name");
    }

    /// <summary>Returns the sentiments of some texts and what they cost, in US dollars.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="span">The step they belong to; retries are its events.</param>
    public async Task<(IReadOnlyList<string> Sentiments, double Usd)> Classify(IReadOnlyList<string> texts, SpanScope span)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Call(texts);
            }
            catch (Exception exception) when (attempt < _settings.Attempts && exception is HttpRequestException or TaskCanceledException)
            {
                // The error of the last attempt is the run's, which counts it.
                _pipeline.ErrorOccurred(ReviewPipeline.Name, exception);
                _retries.Inc(ReviewPipeline.Name, "classify");
                span.AddEvent("retry", ("attempt", attempt), ("reason", exception.Message));
                _logger.LogWarning("Attempt {Attempt} to classify {Count} reviews failed: {Reason}", attempt, texts.Count, exception.Message);
                await Task.Delay(_settings.RetryDelay * Math.Pow(2, attempt - 1));
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<(IReadOnlyList<string> Sentiments, double Usd)> Call(IReadOnlyList<string> texts)
    {
        _pipeline.ApiCalled(ReviewPipeline.Name);
        using var response = await _http.PostAsJsonAsync(new Uri("sentiments", UriKind.Relative), new SentimentRequest(texts));
        response.EnsureSuccessStatusCode();
        var answer = (await response.Content.ReadFromJsonAsync<SentimentAnswer>())!;
        var usd = answer.Tokens * _settings.UsdPerToken;
        _pipeline.CostAdded(ReviewPipeline.Name, usd);
        return (answer.Sentiments, usd);
    }
}
