namespace OtelTelemetry.Monitoring;

/// <summary>What one collector of a <see cref="PerformanceMonitor"/> does otherwise than the monitor's settings say. Immutable.</summary>
public sealed record MonitorCollectorOptions
{
    /// <summary>How often it runs; more than zero, at most 24 days. Default: null, which is the interval under the collector's name in
    /// <see cref="MonitoringOptions.Metrics"/>, then <see cref="MonitoringOptions.Interval"/>.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>The most time one call may take; more than zero, at most 24 days. Default: null, which is <see cref="MonitoringOptions.Timeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>By how much a run may come later, at random; from zero, less than the interval. Default: null, which is <see cref="MonitoringOptions.Jitter"/>.</summary>
    public TimeSpan? Jitter { get; init; }

    /// <summary>How many more times it is called when it fails; from 0 to 100. Default: null, which is <see cref="MonitoringOptions.Retries"/>.</summary>
    public int? Retries { get; init; }

    /// <exception cref="ArgumentException">A setting is outside its range.</exception>
    internal MonitorSettings Over(string name, MonitoringOptions monitor)
    {
        var named = monitor.Metrics.TryGetValue(name, out var metric) ? metric.Interval : null;
        var interval = Time(name, nameof(Interval), Interval ?? named ?? monitor.Interval);
        var jitter = Jitter ?? monitor.Jitter;
        if (jitter < TimeSpan.Zero || (Jitter is not null && jitter >= interval))
        {
            throw new ArgumentException($"{nameof(Jitter)} of collector '{name}' is {jitter}; it must be from zero and less than the interval, which is {interval}.");
        }

        var retries = Retries ?? monitor.Retries;
        if (retries is < 0 or > 100) throw new ArgumentException($"{nameof(Retries)} of collector '{name}' is {retries}; it must be from 0 to 100.");
        return new MonitorSettings(
            interval, Time(name, nameof(Timeout), Timeout ?? monitor.Timeout), jitter >= interval ? interval / 2 : jitter, retries, monitor.RetryDelay);
    }

    private static TimeSpan Time(string name, string property, TimeSpan value) => !MonitoringOptions.IsNoTime(value)
        ? value
        : throw new ArgumentException($"{property} of collector '{name}' is {value}; it must be more than zero and at most 24 days.");
}

/// <summary>The settings of one collector, all of them known.</summary>
internal readonly record struct MonitorSettings(TimeSpan Interval, TimeSpan Timeout, TimeSpan Jitter, int Retries, TimeSpan RetryDelay);
