using System.Collections.Concurrent;
using Polly;
using Polly.CircuitBreaker;

namespace OtelTelemetry.Delivery;

/// <summary>A circuit breaker for each server, shared by all destinations on it: while one has found the server away, the others do not
/// knock, and when it may be back, one of them asks. Thread-safe.</summary>
internal sealed class DeliveryCircuits(TimeSpan breakDuration, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ResiliencePipeline<DeliveryOutcome>> _circuits = new(StringComparer.Ordinal);

    public ResiliencePipeline<DeliveryOutcome> Of(string server) => _circuits.GetOrAdd(server, _ => Create());

    private ResiliencePipeline<DeliveryOutcome> Create() => new ResiliencePipelineBuilder<DeliveryOutcome> { TimeProvider = time }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<DeliveryOutcome>
        {
            FailureRatio = 1,
            MinimumThroughput = 2,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = breakDuration,
            ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Result.IsOutage),
        })
        .Build();
}
