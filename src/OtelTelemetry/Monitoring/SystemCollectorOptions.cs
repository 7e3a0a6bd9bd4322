namespace OtelTelemetry.Monitoring;

/// <summary>The settings of one of the system's collectors. Not thread-safe.</summary>
public class SystemCollectorOptions
{
    internal SystemCollectorOptions()
    {
    }

    /// <summary>Whether it runs, where <see cref="SystemMetricsOptions.Enabled"/> is true. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How often it runs; more than zero, at most 24 days. Default: null, which is <see cref="MonitoringOptions.Interval"/>.</summary>
    public TimeSpan? Interval { get; set; }

    internal virtual IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (Interval is { } interval && MonitoringOptions.IsNoTime(interval))
        {
            yield return (nameof(Interval), $"{interval} is no interval", "Allowed: more than 0, at most 24 days, such as 30s, or no setting for Telemetry:Monitoring:Interval");
        }
    }

    internal virtual void Take(SystemCollectorOptions source)
    {
        Enabled = source.Enabled;
        Interval = source.Interval;
    }
}

/// <summary>The settings of a collector that looks at several devices. Not thread-safe.</summary>
public sealed class DeviceCollectorOptions : SystemCollectorOptions
{
    internal DeviceCollectorOptions(params ReadOnlySpan<string> exclude) => Exclude = [.. exclude];

    /// <summary>Which devices are left out; <c>*</c> stands for any text, <c>?</c> for one letter. Default: see <see cref="SystemMetricsOptions"/>.</summary>
    public IList<string> Exclude { get; }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        foreach (var error in base.Check()) yield return error;
        if (Exclude.Any(string.IsNullOrWhiteSpace)) yield return (nameof(Exclude), "a name is empty", "Allowed: names that are not empty, in which * stands for any text");
    }

    internal override void Take(SystemCollectorOptions source)
    {
        base.Take(source);
        Exclude.Clear();
        foreach (var name in ((DeviceCollectorOptions)source).Exclude) Exclude.Add(name);
    }
}
