using System.Globalization;
using OtelTelemetry.Metrics;

namespace Pipeline;

/// <summary>What the metrics say, in a sentence: they can be read back in the program itself.</summary>
internal static class Summary
{
    public static string Of(MetricsCollector metrics, string pipeline)
    {
        var executions = metrics.GetCounter("pipeline_executions_total");
        var errors = metrics.Collect("pipeline_errors_total")!.Samples.Sum(sample => sample.Value);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{executions.Get(pipeline, "success")} runs succeeded and {executions.Get(pipeline, "error")} failed: {Count("items")} reviews loaded, "
            + $"{Count("api_calls")} API calls, {errors} errors, {metrics.GetCounter("pipeline_retries_total").Get(pipeline, "classify")} retries, "
            + $"{metrics.GetCounter("pipeline_cost_usd").Get(pipeline):0.000000} USD; {metrics.GetGauge("pipeline_queue_depth").Get(pipeline)} reviews wait.");

        double Count(string what) => metrics.GetCounter($"pipeline_{what}_total").Get(pipeline);
    }
}
