using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Health.Checks.Objective;

/// <summary>Compares what was bad in a window with what may be. For one run at a time, as checks are run.</summary>
internal sealed class ObjectiveHealthCheck(ObjectiveHealthCheckOptions options, Func<MetricCollection> collect, TimeProvider time) : IHealthCheck
{
    /// <summary>The most readings that are kept; with shorter intervals the window is read in larger steps.</summary>
    private const int MostReadings = 1000;

    private readonly SeriesMatch _all = new(options.Labels);
    private readonly SeriesMatch? _bad = options.BadLabels.Count == 0 ? null : new SeriesMatch(options.BadLabels);
    private readonly Queue<Reading> _readings = new();
    private Reading? _last;

    private sealed record Reading(long At, double Total, double Bad);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check(context.Registration.FailureStatus));

    private HealthCheckResult Check(HealthStatus failure)
    {
        var counts = new GoodAndBad(_all, _bad, options.BadAbove);
        using (var collection = collect())
        {
            foreach (var family in collection.Families)
            {
                if (family.Descriptor.Name != options.Metric) continue;
                for (var position = 0; position != MetricFamilyReader.Done;) position = family.Read(position, counts);
            }
        }

        var start = Remember(new Reading(time.GetTimestamp(), counts.Total, counts.Bad));
        var total = counts.Total - start.Total;
        var bad = Math.Max(0, counts.Bad - start.Bad);
        if (total < options.MinEvents) return HealthCheckResult.Healthy(FormattableString.Invariant($"{total:0} in {options.Window}: too few to tell"));
        var good = 1 - (bad / total);
        var says = FormattableString.Invariant($"{100 * good:0.####} % of {total:0} were good in {options.Window}, the objective is {100 * options.Objective:0.####} %");
        return good < options.Objective ? new HealthCheckResult(failure, says) : HealthCheckResult.Healthy(says);
    }

    /// <summary>Adds a reading.</summary>
    /// <returns>Where the window begins: the newest reading that is as old as it, else the oldest there is.</returns>
    private Reading Remember(Reading now)
    {
        // Series that ended take their counts with them: what went down begins anew.
        if (_last is { } last && (now.Total < last.Total || now.Bad < last.Bad)) _readings.Clear();
        _last = now;
        var isFull = _readings.Count >= MostReadings;
        if (!isFull || time.GetElapsedTime(_readings.Last().At, now.At) >= options.Window / MostReadings) _readings.Enqueue(now);
        while (_readings.Count > 1 && time.GetElapsedTime(_readings.ElementAt(1).At, now.At) >= options.Window) _readings.Dequeue();
        while (_readings.Count > MostReadings + 1) _readings.Dequeue();
        return _readings.Peek();
    }
}
