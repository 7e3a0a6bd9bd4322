using OtelTelemetry.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Processors.Measurements.Own;

/// <summary>What rules do to our own metrics where they are read. It is decided once a metric; a metric no rule matches is read as it is. Thread-safe.</summary>
internal sealed class OwnMetricProcessing(MeasurementRules rules, ILogger? logger = null)
{
    private readonly ConditionalWeakTable<MetricInstrument, Decision> _decisions = [];
    private readonly Dictionary<(string Meter, string Name, MetricKind Kind), WeakReference<MergedFamily>> _families = [];
    private readonly Lock _gate = new();

    /// <summary>The plan of a metric; null when no rule matches it.</summary>
    public InstrumentPlan? PlanFor(MetricInstrument metric) => Decide(metric).Plan;

    /// <summary>The metric with other labels; null when its labels stay.</summary>
    public MergedFamily? MergedFor(MetricInstrument metric) => Decide(metric).Merged;

    /// <summary>What is read in the metric's place; null for nothing.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="open">The readers of this collection that further parts join.</param>
    public MetricFamilyReader? Replace(MetricInstrument metric, ref Dictionary<MergedFamily, MergedFamilyReader>? open)
    {
        var decision = Decide(metric);
        if (decision.Merged is not { } merged) return decision.Reader;
        open ??= [];
        if (open.TryGetValue(merged, out var reader))
        {
            reader.Add(metric);
            return null;
        }

        reader = new MergedFamilyReader(merged);
        reader.Add(metric);
        open.Add(merged, reader);
        return reader;
    }

    private Decision Decide(MetricInstrument metric) => _decisions.TryGetValue(metric, out var known) ? known : _decisions.GetValue(metric, Make);

    private Decision Make(MetricInstrument metric)
    {
        if (rules.PlanFor(metric.Descriptor.Scope.Name, metric.Name) is not { } plan) return new Decision(null, null, metric);
        if (plan.IsDenied) return new Decision(plan, null, null);
        if (plan.Buckets is { } buckets && metric.Kind == MetricKind.Histogram && !metric.Definition.Points.AsSpan().SequenceEqual(buckets))
        {
            logger?.LogWarning(
                Diagnostic.BucketsNotApplied.EventId,
                "A rule's buckets cannot be given to histogram {Metric}: its collector is not one of the application's services. Give it its buckets in code.", metric.Name);
        }

        if (plan.Labels is not null) return new Decision(plan, Family(metric, plan), null);
        return new Decision(plan, null, plan.Name == metric.Name ? metric : new RenamedFamilyReader(metric, plan.Name));
    }

    /// <summary>Metrics of one name and meter are one family: without the labels that kept them apart they must be put together.</summary>
    private MergedFamily Family(MetricInstrument metric, InstrumentPlan plan)
    {
        lock (_gate)
        {
            var key = (metric.Descriptor.Scope.Name, metric.Name, metric.Kind);
            if (_families.TryGetValue(key, out var there) && there.TryGetTarget(out var family)) return family;
            family = new MergedFamily(metric, plan);
            _families[key] = new WeakReference<MergedFamily>(family);
            return family;
        }
    }

    /// <param name="Plan">What the rules say, or null.</param>
    /// <param name="Merged">The metric with other labels, or null.</param>
    /// <param name="Reader">What is read otherwise, or null.</param>
    private sealed record Decision(InstrumentPlan? Plan, MergedFamily? Merged, MetricFamilyReader? Reader);
}
