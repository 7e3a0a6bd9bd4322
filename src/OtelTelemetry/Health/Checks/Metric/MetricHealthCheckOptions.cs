using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Configuration;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Health.Checks.Metric;

/// <summary>
/// Is healthy while no series of a metric is above, or below, a limit, whichever library records the metric. Of a counter or gauge the value
/// is compared, of a histogram or summary a quantile, or the mean where none is asked for. Immutable.
/// </summary>
public sealed record MetricHealthCheckOptions : TelemetryHealthCheckOptions
{
    /// <summary>The metric's name as it was registered. Required.</summary>
    public string Metric { get; init; } = "";

    /// <summary>Only series whose labels have these values count; <c>*</c> stands for any text. Default: none, which is all series.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>A value above it is a failure. Default: null, which is no limit.</summary>
    public double? Above { get; init; }

    /// <summary>A value below it is a failure. Default: null, which is no limit.</summary>
    public double? Below { get; init; }

    /// <summary>Which quantile of a histogram or summary, from 0 to 1: 0.95 for the 95th percentile. Default: null, which is the mean.</summary>
    public double? Quantile { get; init; }

    /// <summary>Whether the increase a second since the run before is compared, and not the value: for counters. The first run then knows
    /// nothing. Default: false.</summary>
    public bool Rate { get; init; }

    /// <summary>What it means that there is no such series. Default: <see cref="HealthStatus.Degraded"/>.</summary>
    public HealthStatus WhenMissing { get; init; } = HealthStatus.Degraded;

    /// <inheritdoc/>
    public override IHealthCheck Create(IServiceProvider services) =>
        new MetricHealthCheck(this, services.GetRequiredService<MetricReadModel>().Collect, services.GetService<TimeProvider>() ?? TimeProvider.System);

    internal static TelemetryHealthCheckOptions Read(SettingSection settings)
    {
        var options = ReadCommon(settings, new MetricHealthCheckOptions());
        settings.Bind("Metric", Parse.Text, value => options = options with { Metric = value });
        settings.BindMap("Labels", Parse.Text, values => options = options with { Labels = values });
        settings.Bind("Above", Parse.OptionalNumber, value => options = options with { Above = value });
        settings.Bind("Below", Parse.OptionalNumber, value => options = options with { Below = value });
        settings.Bind("Quantile", Parse.OptionalNumber, value => options = options with { Quantile = value });
        settings.Bind("Rate", Parse.Boolean, value => options = options with { Rate = value });
        settings.Bind("WhenMissing", Parse.Name<HealthStatus>, value => options = options with { WhenMissing = value });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (string.IsNullOrWhiteSpace(Metric)) yield return (nameof(Metric), "it is not set", "Allowed: the name of a metric, such as message_queue_size");
        if (Above is null && Below is null) yield return (nameof(Above), "neither it nor Below is set", "Allowed: a number for Above, Below or both");
        if (Above is double.NaN) yield return (nameof(Above), "it is not a number", "Allowed: a number");
        if (Below is double.NaN) yield return (nameof(Below), "it is not a number", "Allowed: a number");
        if (Quantile is not (null or (>= 0 and <= 1))) yield return (nameof(Quantile), FormattableString.Invariant($"{Quantile} is no quantile"), "Allowed: 0 to 1, such as 0.95");
        if (Rate && Quantile is not null) yield return (nameof(Rate), "a quantile has no rate", "Leave Rate or Quantile out");
        if (!Enum.IsDefined(WhenMissing)) yield return (nameof(WhenMissing), $"{WhenMissing} is not defined", "Allowed: Healthy, Degraded, Unhealthy");
    }
}
