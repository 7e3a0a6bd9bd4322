using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OtelTelemetry;
using OtelTelemetry.Instruments;
using OtelTelemetry.Tracing;

namespace Pipeline;

/// <summary>
/// A run: reviews are taken from a file, cleaned, classified by a service that costs money, and loaded into a database. Each run is an
/// execution in the metrics and a trace, each step measured and a span below it. A run that fails loads nothing: the next one takes
/// the same reviews.
/// </summary>
internal sealed class ReviewPipeline(
    PipelineSettings settings,
    ReviewFile source,
    SentimentClient sentiments,
    ReviewStore store,
    PipelineInstruments pipeline,
    TelemetryManager telemetry,
    ILogger<ReviewPipeline> logger)
{
    public const string Name = "reviews";

    public async Task Run(int number)
    {
        using var span = telemetry.Tracer.StartSpan("pipeline_execution");
        span.SetAttribute("pipeline.name", Name).SetAttribute("pipeline.run", number);
        using var execution = pipeline.StartExecution(Name);
        try
        {
            var (items, usd) = await RunSteps(execution);
            span.SetAttribute("items.count", items).SetAttribute("cost.usd", usd);
            execution.Complete();
            logger.LogInformation(
                "Run {Run}: {Items} reviews loaded in {Seconds} s for {Usd} USD", number, items, Math.Round(execution.Elapsed.TotalSeconds, 3), Math.Round(usd, 6));
        }
        catch (Exception exception)
        {
            execution.Fail(exception);

            // The exception itself is on the step's span, and in the log from there.
            span.SetStatus(ActivityStatusCode.Error, exception.Message).SetAttribute("error.type", exception.GetType().FullName);
            logger.LogError("Run {Run} failed, its reviews wait for the next: {Reason}", number, exception.Message);
        }
    }

    private async Task<(int Items, double Usd)> RunSteps(PipelineExecution execution)
    {
        var batch = await Step(execution, "extract", Extract);
        var reviews = await Step(execution, "transform", span => Task.FromResult(Transform(batch, span)));
        var (rated, usd) = await Step(execution, "classify", span => Classify(reviews, span));
        return (await Step(execution, "load", span => Task.FromResult(Load(batch, rated, span))), usd);
    }

    /// <summary>A step is a span, and counted and measured. What it throws is recorded by both and goes on.</summary>
    private Task<T> Step<T>(PipelineExecution execution, string name, Func<SpanScope, Task<T>> work) => telemetry.Tracer.TraceAsync(name, async span =>
    {
        using var step = execution.StartStep(name);
        var result = await work(span);
        step.Complete();
        return result;
    });

    private async Task<Batch> Extract(SpanScope span)
    {
        var batch = await source.Read(store.Position);
        pipeline.QueueDepth(Name, batch.Waiting);
        span.SetAttribute("source", Path.GetFileName(source.Path)).SetAttribute("batch_size", batch.Lines.Count).SetAttribute("items.waiting", batch.Waiting);
        return batch;
    }

    /// <summary>A damaged review is an error that is counted, and no reason to stop.</summary>
    private List<Review> Transform(Batch batch, SpanScope span)
    {
        var reviews = new List<Review>(batch.Lines.Count);
        for (var i = 0; i < batch.Lines.Count; i++)
        {
            try
            {
                var review = JsonSerializer.Deserialize<Review>(batch.Lines[i], JsonSerializerOptions.Web)!;
                reviews.Add(review with { Text = string.Join(' ', review.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)) });
            }
            catch (JsonException exception)
            {
                pipeline.ErrorOccurred(Name, exception);
                span.AddEvent("rejected", ("line", i + 1), ("reason", exception.Message));
                logger.LogWarning("A review is damaged and left out: {Reason}", exception.Message);
            }
        }

        span.SetAttribute("items.count", reviews.Count);
        span.AddEvent("validated", ("accepted", reviews.Count), ("rejected", batch.Lines.Count - reviews.Count));
        return reviews;
    }

    private async Task<(List<RatedReview> Rated, double Usd)> Classify(List<Review> reviews, SpanScope span)
    {
        var rated = new List<RatedReview>(reviews.Count);
        var usd = 0.0;
        foreach (var chunk in reviews.Chunk(settings.ReviewsPerCall))
        {
            var (answers, price) = await sentiments.Classify([.. chunk.Select(review => review.Text)], span);
            rated.AddRange(chunk.Zip(answers, (review, sentiment) => new RatedReview(review, sentiment)));
            usd += price;
        }

        span.SetAttribute("items.count", rated.Count).SetAttribute("cost.usd", usd);
        return (rated, usd);
    }

    private int Load(Batch batch, List<RatedReview> reviews, SpanScope span)
    {
        span.SetAttribute("db.system.name", "sqlite").SetAttribute("db.collection.name", "review").SetAttribute("items.count", reviews.Count);
        store.Load(reviews, batch.End);
        span.AddEvent("committed", "position", batch.End.ToString(CultureInfo.InvariantCulture));
        pipeline.ItemsProcessed(Name, reviews.Count);
        pipeline.QueueDepth(Name, batch.Waiting - batch.Lines.Count);
        return reviews.Count;
    }
}
