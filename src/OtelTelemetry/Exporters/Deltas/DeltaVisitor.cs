using OtelTelemetry.Diagnostics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Deltas;

/// <summary>
/// Turns every kind of metric into what backends know that count for themselves: counts of what came on top, and gauges. Histograms and
/// summaries become a count, a sum and quantiles. What no such backend takes (NaN, infinities) is left out and counted.
/// Used by one export at a time.
/// </summary>
/// <param name="deltas">Remembers what was sent.</param>
/// <param name="quantiles">The quantiles of histograms.</param>
/// <param name="exporter">The exporter whose losses are counted.</param>
internal abstract class DeltaVisitor(SeriesDeltas deltas, IEnumerable<double> quantiles, string exporter) : MetricVisitor
{
    private readonly (double Value, string Part)[] _quantiles = [.. quantiles.Select(quantile => (quantile, QuantileName.Of(quantile)))];
    private readonly BucketWindow _window = new();

    /// <summary>The family whose series come.</summary>
    protected MetricDescriptor Metric { get; private set; } = null!;

    /// <summary>Whether the reading goes on after a series.</summary>
    protected abstract bool GoOn { get; }

    /// <summary>A family begins.</summary>
    public void Begin(MetricDescriptor metric)
    {
        Metric = metric;
        OnBegin();
    }

    /// <summary>Reads on in a family. One that throws is left out, counted and reported; the others go on.</summary>
    public int Read(MetricFamilyReader family, int position)
    {
        try
        {
            return family.Read(position, this);
        }
        catch (Exception exception)
        {
            CountLoss("read_failed");
            TelemetryErrors.Report(Diagnostic.MetricUnreadable, exporter, $"metric '{family.Descriptor.Name}' could not be read; the others are sent", "See the cause", exception);
            return MetricFamilyReader.Done;
        }
    }

    /// <inheritdoc/>
    public sealed override bool VisitNumber(Series series, double value, MetricExemplar? exemplar)
    {
        if (!IsNumber(value)) return GoOn;
        if (Metric.Kind != MetricKind.Counter)
        {
            AddGauge(series, "", value);
        }
        else if (Find(series) is { } state)
        {
            state.Observe(value);
            Add(series, "", state.Delta(SeriesState.Count));
        }

        return GoOn;
    }

    /// <inheritdoc/>
    public sealed override bool VisitHistogram(Series series, in HistogramView histogram)
    {
        if (Find(series) is { } state)
        {
            state.Observe(histogram.Count);
            _window.Fill(histogram, state.Buckets);
            AddHistogram(series, state, _window, histogram.Sum);
        }

        return GoOn;
    }

    /// <inheritdoc/>
    public sealed override bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram)
    {
        if (Find(series) is { } state)
        {
            state.Observe(histogram.Count);
            _window.Fill(histogram, state.Buckets);
            AddHistogram(series, state, _window, histogram.Sum);
        }

        return GoOn;
    }

    /// <inheritdoc/>
    public sealed override bool VisitSummary(Series series, in SummaryView summary)
    {
        if (Find(series) is not { } state) return GoOn;
        state.Observe(summary.Count);
        AddTotals(series, state, summary.Sum);
        for (var i = 0; i < summary.Quantiles.Length; i++)
        {
            // No observation in the window is no loss: there is nothing to tell.
            if (!double.IsNaN(summary.Values[i]) && IsNumber(summary.Values[i])) AddGauge(series, QuantileName.Of(summary.Quantiles[i]), summary.Values[i]);
        }

        return GoOn;
    }

    /// <summary>Something came on top of what was sent.</summary>
    /// <param name="series">The series.</param>
    /// <param name="part">What of it: <c>count</c>, <c>sum</c>, or empty for a counter.</param>
    /// <param name="delta">How much; to be committed when it is sent.</param>
    protected abstract void AddCount(Series series, string part, SeriesDelta delta);

    /// <summary>A value of this moment.</summary>
    /// <param name="series">The series.</param>
    /// <param name="part">What of it: <c>p99</c> for a quantile, or empty.</param>
    /// <param name="value">The value; finite.</param>
    protected abstract void AddGauge(Series series, string part, double value);

    /// <summary>A histogram: a count, a sum and the quantiles of what came on top.</summary>
    protected virtual void AddHistogram(Series series, SeriesState state, BucketWindow window, double sum)
    {
        AddTotals(series, state, sum);
        foreach (var (quantile, part) in _quantiles)
        {
            var value = window.Quantile(quantile);
            if (!double.IsNaN(value)) AddGauge(series, part, value);
        }
    }

    /// <summary>Called when a family begins.</summary>
    protected virtual void OnBegin()
    {
    }

    /// <summary>Whether a backend can take it; counts it where not.</summary>
    protected bool IsNumber(double value)
    {
        if (double.IsFinite(value)) return true;
        CountLoss(double.IsNaN(value) ? "not_a_number" : "infinite");
        return false;
    }

    /// <summary>Something is left out.</summary>
    protected void CountLoss(string reason) => TelemetryLosses.Count("metrics", exporter, reason);

    private void AddTotals(Series series, SeriesState state, double sum)
    {
        Add(series, "count", state.Delta(SeriesState.Count));
        if (!IsNumber(sum)) return;
        state.ObserveSum(sum);
        Add(series, "sum", state.Delta(SeriesState.Sum));
    }

    private void Add(Series series, string part, SeriesDelta delta)
    {
        if (delta.IsNews && IsNumber(delta.Value)) AddCount(series, part, delta);
    }

    private SeriesState? Find(Series series)
    {
        var state = deltas.Find(Metric, series);
        if (state is null) CountLoss("too_many_series");
        return state;
    }
}
