using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Health.Checks.Metric;

/// <summary>Compares the series of a metric with limits. For one run at a time, as checks are run.</summary>
internal sealed class MetricHealthCheck(MetricHealthCheckOptions options, Func<MetricCollection> collect, TimeProvider time) : IHealthCheck
{
    private readonly SeriesMatch _match = new(options.Labels);
    private Dictionary<string, double> _before = [];
    private long? _readBefore;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check(context.Registration.FailureStatus));

    private HealthCheckResult Check(HealthStatus failure)
    {
        var values = Read();
        if (values.Count == 0) return new HealthCheckResult(options.WhenMissing, $"there is no series of the metric '{options.Metric}' with these labels and a value");
        if (options.Rate && !TryTakeRates(ref values)) return HealthCheckResult.Healthy("the rate is known after a second run");

        // The one that is furthest beyond a limit says it for all.
        var (worst, excess) = (default(KeyValuePair<string, double>), 0.0);
        foreach (var series in values)
        {
            var beyond = Math.Max(series.Value - (options.Above ?? double.PositiveInfinity), (options.Below ?? double.NegativeInfinity) - series.Value);
            if (beyond > excess) (worst, excess) = (series, beyond);
        }

        if (excess > 0) return new HealthCheckResult(failure, Describe(worst) + (worst.Value > options.Above ? $" is above {Show(options.Above.Value)}" : $" is below {Show(options.Below!.Value)}"));
        return HealthCheckResult.Healthy(values.Count == 1 ? $"{Describe(values.First())} is within the limits" : FormattableString.Invariant($"{values.Count} series of {options.Metric} are within the limits"));
    }

    private string Describe(KeyValuePair<string, double> series) => $"{options.Metric}{(series.Key == "{}" ? "" : series.Key)}: {Show(series.Value)}{(options.Rate ? " a second" : "")}";

    private static string Show(double value) => FormattableString.Invariant($"{value:0.######}");

    /// <summary>The value of each series, by its labels.</summary>
    private Dictionary<string, double> Read()
    {
        var reader = new SeriesValues(_match, options.Quantile);
        using var collection = collect();
        foreach (var family in collection.Families)
        {
            if (family.Descriptor.Name != options.Metric) continue;
            for (var position = 0; position != MetricFamilyReader.Done;) position = family.Read(position, reader);
        }

        return reader.Values;
    }

    /// <summary>Puts rates in the place of values. A value that went down began anew at zero.</summary>
    private bool TryTakeRates(ref Dictionary<string, double> values)
    {
        var now = time.GetTimestamp();
        var seconds = _readBefore is { } before ? time.GetElapsedTime(before, now).TotalSeconds : 0;
        var rates = new Dictionary<string, double>(StringComparer.Ordinal);
        if (seconds > 0)
        {
            foreach (var (labels, value) in values)
            {
                var start = _before.GetValueOrDefault(labels);
                rates[labels] = (value < start ? value : value - start) / seconds;
            }
        }

        (_before, _readBefore, values) = (values, now, rates);
        return rates.Count > 0;
    }
}
