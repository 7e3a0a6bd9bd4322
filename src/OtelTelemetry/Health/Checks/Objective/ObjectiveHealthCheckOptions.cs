using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Configuration;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Health.Checks.Objective;

/// <summary>
/// A service level objective: is healthy while enough of what happened in a window was good. What happened is counted by a counter or a
/// histogram; bad is what certain labels mark, such as a status of 500 and more, or what was above a limit, such as too slow. Immutable.
/// </summary>
public sealed record ObjectiveHealthCheckOptions : TelemetryHealthCheckOptions
{
    /// <summary>The counter or histogram that counts what happens, as it was registered: such as <c>http.server.request.duration</c>. Required.</summary>
    public string Metric { get; init; } = "";

    /// <summary>Only series whose labels have these values count; <c>*</c> stands for any text. Default: none, which is all series.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Series whose labels have these values count as bad; <c>*</c> stands for any text. Default: none.</summary>
    public IReadOnlyDictionary<string, string> BadLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>Observations of a histogram above it count as bad. Exact where it is a bucket's bound; else the next larger bound is taken.
    /// Default: null, which is none.</summary>
    public double? BadAbove { get; init; }

    /// <summary>The part that must be good. More than 0, less than 1. Default: 0.99.</summary>
    public double Objective { get; init; } = 0.99;

    /// <summary>How far back is looked. From 1 second to 1 day; at least two intervals. Default: 5 minutes.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>With less than this in the window the result is healthy. At least 1. Default: 10.</summary>
    public int MinEvents { get; init; } = 10;

    /// <inheritdoc/>
    public override IHealthCheck Create(IServiceProvider services) =>
        new ObjectiveHealthCheck(this, services.GetRequiredService<MetricReadModel>().Collect, services.GetService<TimeProvider>() ?? TimeProvider.System);

    internal static TelemetryHealthCheckOptions Read(SettingSection settings)
    {
        var options = ReadCommon(settings, new ObjectiveHealthCheckOptions());
        settings.Bind("Metric", Parse.Text, value => options = options with { Metric = value });
        settings.BindMap("Labels", Parse.Text, values => options = options with { Labels = values });
        settings.BindMap("BadLabels", Parse.Text, values => options = options with { BadLabels = values });
        settings.Bind("BadAbove", Parse.OptionalNumber, value => options = options with { BadAbove = value });
        settings.Bind("Objective", Parse.Number, value => options = options with { Objective = value });
        settings.Bind("Window", Parse.Duration, value => options = options with { Window = value });
        settings.Bind("MinEvents", Parse.Integer, value => options = options with { MinEvents = value });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (string.IsNullOrWhiteSpace(Metric)) yield return (nameof(Metric), "it is not set", "Allowed: the name of a counter or histogram, such as http.server.request.duration");
        if (BadLabels.Count == 0 && BadAbove is null) yield return (nameof(BadLabels), "neither it nor BadAbove is set", "Allowed: labels of what is bad, a limit for BadAbove, or both");
        if (BadAbove is double.NaN) yield return (nameof(BadAbove), "it is not a number", "Allowed: a number, such as 0.5");
        if (Objective is not (> 0 and < 1)) yield return (nameof(Objective), FormattableString.Invariant($"{Objective} is no part of all"), "Allowed: more than 0, less than 1, such as 0.999");
        if (Window < TimeSpan.FromSeconds(1) || Window > TimeSpan.FromDays(1)) yield return (nameof(Window), $"{Window} is no window", "Allowed: 1s to 24h");
        if (MinEvents < 1) yield return (nameof(MinEvents), FormattableString.Invariant($"{MinEvents} is less than 1"), "Allowed: 1 and more");
    }
}
