using OtelTelemetry.Alerts.Rules;

namespace OtelTelemetry.Alerts.Evaluation;

/// <summary>
/// What one series was at the last evaluations, as far back as its rule looks. A window that is long compared with the time between evaluations keeps several of them as one, so that it stays
/// small. Not thread-safe.
/// </summary>
/// <param name="rule">The rule.</param>
/// <param name="before">When its series did not exist yet, as far as is known; null where it may have been there before.</param>
internal sealed class AlertWindow(AlertRule rule, DateTimeOffset? before)
{
    /// <summary>The most slots of a window; of one with buckets, which are larger, the most are fewer.</summary>
    internal const int MostSlots = 1000;
    internal const int MostSlotsWithBuckets = 120;

    private readonly List<AlertSlot> _slots = [];
    private readonly TimeSpan _resolution = rule.Window / (rule.Function == AlertFunction.Quantile ? MostSlotsWithBuckets : MostSlots);
    private AlertPoint _last;

    /// <summary>When the last point was added.</summary>
    public DateTimeOffset LastAt => _last.At;

    public void Add(AlertPoint point)
    {
        var (total, sumTotal) = (0.0, 0.0);
        if (_slots.Count == 0 && before is { } born && point.BeginsAtZero)
        {
            // It came into being since: all it counts is an increase.
            _slots.Add(new AlertSlot(born, 0, 0, null, double.PositiveInfinity, double.NegativeInfinity, 0, 0));
            (total, sumTotal) = (point.Value, point.Sum);
        }
        else if (_slots.Count > 0)
        {
            // A count that went down began anew at zero.
            var wasReset = point.Value < _last.Value;
            total = _slots[^1].Total + (wasReset ? point.Value : point.Value - _last.Value);
            sumTotal = _slots[^1].SumTotal + (wasReset ? point.Sum : point.Sum - _last.Sum);
        }

        _last = point;
        Keep(new AlertSlot(point.At, total, sumTotal, point.Buckets, point.Value, point.Value, point.Value, 1));

        // One at or before the beginning of the window stays: an increase is counted from there.
        var old = 0;
        while (old + 1 < _slots.Count && _slots[old + 1].At <= point.At - rule.Window) old++;
        if (old > 0) _slots.RemoveRange(0, old);
    }

    /// <summary>What the rule computes; NaN while it cannot be known.</summary>
    public double Compute() => _last.IsDistribution ? OfDistribution() : rule.Function switch
    {
        AlertFunction.Last => _last.Value,
        AlertFunction.Average => Average(),
        AlertFunction.Minimum => Inside().Min(static slot => slot.Minimum),
        AlertFunction.Maximum => Inside().Max(static slot => slot.Maximum),
        AlertFunction.Quantile => QuantileOf([.. Inside().Select(static slot => slot.Added / slot.Values).Order()], rule.Quantile),
        AlertFunction.Rate => Rate(),
        _ => Increase(),
    };

    private double OfDistribution()
    {
        switch (rule.Function)
        {
            case AlertFunction.Rate:
                return Rate();
            case AlertFunction.Increase:
                return Increase();
            case AlertFunction.Quantile when _last.Buckets is { } buckets:
                return _slots.Count < 2 ? double.NaN : buckets.Quantile(rule.Quantile, _slots[0].Buckets);
            case AlertFunction.Quantile:
                return _last.Published;
            default:
                var observations = Increase();
                return observations > 0 ? (_slots[^1].SumTotal - _slots[0].SumTotal) / observations : double.NaN;
        }
    }

    private double Increase() => _slots.Count < 2 ? double.NaN : _slots[^1].Total - _slots[0].Total;

    private double Rate() => Increase() / (_slots[^1].At - _slots[0].At).TotalSeconds;

    private double Average()
    {
        var (added, values) = (0.0, 0);
        foreach (var slot in Inside()) (added, values) = (added + slot.Added, values + slot.Values);
        return added / values;
    }

    /// <summary>The slots of the window, without the one that only marks its beginning.</summary>
    private IEnumerable<AlertSlot> Inside() => _slots.Where(slot => slot.Values > 0 && slot.At > _last.At - rule.Window);

    private void Keep(AlertSlot slot)
    {
        if (_slots.Count > 1 && _slots[^1].At - _slots[^2].At < _resolution) _slots[^1] = _slots[^1].With(slot);
        else if (_slots.Count > 0 && _slots[^1].At == slot.At) _slots[^1] = _slots[^1].With(slot);
        else _slots.Add(slot);
    }

    /// <summary>As Prometheus' <c>quantile_over_time</c>: linear between the two values around the rank.</summary>
    private static double QuantileOf(double[] sorted, double quantile)
    {
        var rank = quantile * (sorted.Length - 1);
        var below = (int)Math.Floor(rank);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (rank - below));
    }
}
