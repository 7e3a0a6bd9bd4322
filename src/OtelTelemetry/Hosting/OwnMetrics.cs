using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using OpenTelemetry.Metrics;
using OtelTelemetry.Configuration;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Hosting;

/// <summary>The metrics that are ours: those of the application's registry, and those of the process-wide one. Thread-safe.</summary>
internal sealed class OwnMetrics
{
    private readonly Regex[] _wanted;

    public OwnMetrics(MetricsRegistry registry, TelemetrySettings settings, IEnumerable<WantedMeters> wanted)
    {
        Registries = ReferenceEquals(registry, MetricsRegistry.Default) ? [registry] : [registry, MetricsRegistry.Default];
        _wanted = [.. wanted.SelectMany(meters => meters.Names).Concat(settings.Options.Metrics.Meters).Select(Pattern)];
        ApplicationNames = [.. settings.ApplicationNames.SelectMany(name => new[] { name, name + ".*" }).Select(Pattern)];
    }

    public MetricsRegistry[] Registries { get; }

    private Regex[] ApplicationNames { get; }

    public bool Owns(string meterName, string instrumentName) => Find(meterName, instrumentName) is not null;

    public MetricInstrument? Find(string meterName, string instrumentName)
    {
        foreach (var registry in Registries)
        {
            if (registry.Find(meterName, instrumentName) is { } metric) return metric;
        }

        return null;
    }

    /// <summary>The view that keeps the SDK from aggregating our metrics again only because their meter is named as the application.
    /// A meter that was asked for by name is left to the SDK: somebody's own reader wants it.</summary>
    public MetricStreamConfiguration? DropUnlessWanted(Instrument instrument)
    {
        var meter = instrument.Meter.Name;
        return Owns(meter, instrument.Name) && Matches(ApplicationNames, meter) && !Matches(_wanted, meter) ? MetricStreamConfiguration.Drop : null;
    }

    private static bool Matches(Regex[] patterns, string meter) => Array.Exists(patterns, pattern => pattern.IsMatch(meter));

    /// <summary>As the SDK reads names: without regard to case, <c>*</c> for any text, <c>?</c> for one letter.</summary>
    private static Regex Pattern(string name) => new(
        "^" + Regex.Escape(name).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal) + "$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}

/// <summary>Meters the application named in <see cref="TelemetryBuilder.AddMeter"/>.</summary>
internal sealed record WantedMeters(string[] Names);
