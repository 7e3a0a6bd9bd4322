namespace OtelTelemetry.Metrics.Labels;

/// <summary>Removes series in which nothing was recorded for a time. Runs when a metric is read or full, never while recording.</summary>
internal sealed class IdleSweep(SeriesTable table, TimeSpan expiry, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<BoundSeries, (long Mark, long Since)> _seen = [];
    private long _lastRun;

    /// <summary>Looks at every series, at most every eighth of the expiry time.</summary>
    /// <returns>How many series were removed.</returns>
    internal int Run()
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            if (_lastRun != 0 && time.GetElapsedTime(_lastRun, now) < expiry / 8) return 0;
            _lastRun = now;
            var ended = new List<BoundSeries>();
            foreach (var series in table.All)
            {
                if (series is null || !IsOver(series, now)) continue;
                _seen.Remove(series);
                ended.Add(series);
            }

            table.Remove(ended);
            return ended.Count;
        }
    }

    private bool IsOver(BoundSeries series, long now)
    {
        var mark = series.ActivityMark();
        if (!_seen.TryGetValue(series, out var seen) || seen.Mark != mark)
        {
            _seen[series] = (mark, now);
            return false;
        }

        return time.GetElapsedTime(seen.Since, now) >= expiry && series.TryRetire(mark);
    }
}
