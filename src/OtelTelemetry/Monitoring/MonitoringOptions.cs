namespace OtelTelemetry.Monitoring;

/// <summary>The settings of a <see cref="PerformanceMonitor"/> (section <c>Telemetry:Monitoring</c>). Copied when the monitor is made. Not thread-safe.</summary>
public sealed class MonitoringOptions
{
    /// <summary>The longest time a timer takes.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>How often a collector runs that has no interval of its own; more than zero, at most 24 days. Default: 15 seconds.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The most time one call of a collector may take; more than zero, at most 24 days. A call that takes longer is given up,
    /// and the collector is not called again while that call still runs. Default: 10 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>By how much each run may come later than its interval says, chosen at random, so that collectors and processes do not run
    /// all at once; from zero, less than every interval (a longer one counts as half the collector's interval). Default: 1 second.</summary>
    public TimeSpan Jitter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many more times a collector is called when it fails, in one run; from 0 to 100. A call that was given up is not repeated. Default: 0.</summary>
    public int Retries { get; set; }

    /// <summary>How long a run waits before it calls a collector again; from zero, at most 24 days. Default: 1 second.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many of the last values of each metric are kept to be read back (<see cref="PerformanceMonitor.GetHistory(string)"/>); from 0
    /// to 1,000,000. A value takes about 32 bytes, once it is there. Default: 1000.</summary>
    public int HistorySize { get; set; } = 1000;

    /// <summary>Metrics and collectors by name, with their type and their own interval. Default: none.</summary>
    public IDictionary<string, MonitoredMetricOptions> Metrics { get; } = new Dictionary<string, MonitoredMetricOptions>(StringComparer.Ordinal);

    /// <summary>What is collected of the machine, the process and its container. Default: nothing.</summary>
    public SystemMetricsOptions System { get; } = new();

    internal IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        const string time = "Allowed: more than 0, at most 24 days, such as 15s";
        if (IsNoTime(Interval)) yield return (nameof(Interval), $"{Interval} is no interval", time);
        if (IsNoTime(Timeout)) yield return (nameof(Timeout), $"{Timeout} is no time for a call", time);
        if (Jitter < TimeSpan.Zero || Jitter > Longest) yield return (nameof(Jitter), $"{Jitter} is no delay", "Allowed: 0s and more, less than the interval");
        if (Jitter >= Interval && !IsNoTime(Interval)) yield return (nameof(Jitter), $"{Jitter} is as long as the interval", $"Allowed: 0s and more, less than {Interval}");
        if (Retries is < 0 or > 100) yield return (nameof(Retries), $"{Retries} is no number of retries", "Allowed: 0 to 100");
        if (RetryDelay < TimeSpan.Zero || RetryDelay > Longest) yield return (nameof(RetryDelay), $"{RetryDelay} is no delay", "Allowed: 0s and more, at most 24 days");
        if (HistorySize is < 0 or > 1_000_000) yield return (nameof(HistorySize), $"{HistorySize} is no number of values", "Allowed: 0 (none) to 1000000");
        foreach (var (name, metric) in Metrics)
        {
            foreach (var (property, problem, remedy) in metric?.Check(name) ?? [("", "it is null", "Remove it")])
            {
                yield return (property.Length == 0 ? $"{nameof(Metrics)}:{name}" : $"{nameof(Metrics)}:{name}:{property}", problem, remedy);
            }
        }

        foreach (var (property, problem, remedy) in System.Check()) yield return ($"{nameof(System)}:{property}", problem, remedy);
    }

    internal static bool IsNoTime(TimeSpan time) => time <= TimeSpan.Zero || time > Longest;

    internal MonitoringOptions Copy()
    {
        var copy = new MonitoringOptions
        {
            Interval = Interval,
            Timeout = Timeout,
            Jitter = Jitter,
            Retries = Retries,
            RetryDelay = RetryDelay,
            HistorySize = HistorySize,
        };
        foreach (var (name, metric) in Metrics) copy.Metrics[name] = metric;
        copy.System.Take(System);
        return copy;
    }
}
