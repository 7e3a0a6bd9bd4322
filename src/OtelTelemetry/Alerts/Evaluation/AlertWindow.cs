using OtelTelemetry.Alerts.Rules;

namespace OtelTelemetry.Alerts.Evaluation;

/// <summary>What one series was at the last evaluations, as far back as its rule looks. Not thread-safe.</summary>
internal sealed class AlertWindow
{
    private readonly Queue<AlertPoint> _points = new();

    public void Add(AlertPoint point, TimeSpan window)
    {
        _points.Enqueue(point);

        // One point at or before the beginning of the window stays: an increase is counted from there.
        while (_points.Count > 1 && _points.ElementAt(1).At <= point.At - window) _points.Dequeue();
    }

    /// <summary>What the rule computes; NaN while it cannot be known.</summary>
    public double Compute(AlertRule rule)
    {
        var first = _points.Peek();
        var last = _points.Last();
        if (last.IsDistribution) return OfDistribution(rule, first, last);
        return rule.Function switch
        {
            AlertFunction.Last => last.Value,
            AlertFunction.Average => Inside(rule.Window, last.At).Average(),
            AlertFunction.Minimum => Inside(rule.Window, last.At).Min(),
            AlertFunction.Maximum => Inside(rule.Window, last.At).Max(),
            AlertFunction.Quantile => QuantileOf([.. Inside(rule.Window, last.At).Order()], rule.Quantile),
            _ => Increase(rule.Function, first, last, static point => point.Value),
        };
    }

    private double OfDistribution(AlertRule rule, AlertPoint first, AlertPoint last)
    {
        switch (rule.Function)
        {
            case AlertFunction.Rate or AlertFunction.Increase:
                return Increase(rule.Function, first, last, static point => point.Value);
            case AlertFunction.Quantile when last.Buckets is { } buckets:
                return buckets.Quantile(rule.Quantile, _points.Count > 1 ? first.Buckets : null);
            case AlertFunction.Quantile:
                return last.Published;
            default:
                var count = Increase(AlertFunction.Increase, first, last, static point => point.Value);
                if (_points.Count == 1) return last.Value == 0 ? double.NaN : last.Sum / last.Value;
                return count == 0 ? double.NaN : Increase(AlertFunction.Increase, first, last, static point => point.Sum) / count;
        }
    }

    /// <summary>The values of the window: without the point that only marks its beginning.</summary>
    private IEnumerable<double> Inside(TimeSpan window, DateTimeOffset end)
    {
        var inside = _points.Where(point => point.At > end - window).Select(point => point.Value);
        return inside;
    }

    private double Increase(AlertFunction function, AlertPoint first, AlertPoint last, Func<AlertPoint, double> value)
    {
        if (_points.Count < 2) return double.NaN;
        var (increase, before) = (0.0, value(first));
        foreach (var point in _points.Skip(1))
        {
            // A count that went down began anew at zero.
            var now = value(point);
            increase += now < before ? now : now - before;
            before = now;
        }

        return function == AlertFunction.Rate ? increase / (last.At - first.At).TotalSeconds : increase;
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
