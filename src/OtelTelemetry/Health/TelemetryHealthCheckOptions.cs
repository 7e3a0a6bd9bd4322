using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Health;

/// <summary>
/// The settings of one health check, and how it is made: what <see cref="TelemetryHealthOptions.Checks"/> and
/// <c>Telemetry:Health:Checks</c> put together. Derive from it for a check of your own that has settings. Immutable.
/// </summary>
public abstract record TelemetryHealthCheckOptions
{
    /// <summary>How often it runs. More than zero, at most 24 days. Default: null, which is <see cref="TelemetryHealthOptions.Interval"/>.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>The most time a run may take. More than zero, at most 24 days. Default: null, which is <see cref="TelemetryHealthOptions.Timeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Worse results in a row before the state gets worse. From 1 to 1000. Default: null, which is <see cref="TelemetryHealthOptions.UnhealthyThreshold"/>.</summary>
    public int? UnhealthyThreshold { get; init; }

    /// <summary>Better results in a row before the state gets better. From 1 to 1000. Default: null, which is <see cref="TelemetryHealthOptions.HealthyThreshold"/>.</summary>
    public int? HealthyThreshold { get; init; }

    /// <summary>How long after the start failures are not counted, until the first success. Default: null, which is <see cref="TelemetryHealthOptions.StartupGrace"/>.</summary>
    public TimeSpan? StartupGrace { get; init; }

    /// <summary>The groups it belongs to. <c>live</c> is asked at <c>/health</c>; <c>ready</c> at <c>/ready</c>, and so is what is not
    /// <c>live</c>; any other at <c>/health/</c>group. Default: null, which is the registration's tags, or none.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>What a failure, an exception and a run that takes too long count as: <see cref="HealthStatus.Unhealthy"/> or
    /// <see cref="HealthStatus.Degraded"/>. Default: null, which is the registration's, or unhealthy.</summary>
    public HealthStatus? FailureStatus { get; init; }

    /// <summary>Makes the check, once for an application. It is disposed with the application where it can be.</summary>
    /// <param name="services">The application's services.</param>
    public abstract IHealthCheck Create(IServiceProvider services);

    /// <summary>What is wrong with the settings: the property, the problem, the remedy. Never a secret.</summary>
    internal virtual IEnumerable<(string Property, string Problem, string Remedy)> Check() => [];

    /// <summary>Reads the settings all checks have.</summary>
    internal static TOptions ReadCommon<TOptions>(SettingSection settings, TOptions options)
        where TOptions : TelemetryHealthCheckOptions
    {
        settings.Bind("Interval", Parse.OptionalDuration, value => options = options with { Interval = value });
        settings.Bind("Timeout", Parse.OptionalDuration, value => options = options with { Timeout = value });
        settings.Bind("UnhealthyThreshold", Parse.OptionalInteger, value => options = options with { UnhealthyThreshold = value });
        settings.Bind("HealthyThreshold", Parse.OptionalInteger, value => options = options with { HealthyThreshold = value });
        settings.Bind("StartupGrace", Parse.OptionalDuration, value => options = options with { StartupGrace = value });
        settings.BindList("Tags", value => options = options with { Tags = value });
        settings.Bind("FailureStatus", Parse.Name<HealthStatus>, value => options = options with { FailureStatus = value });
        return options;
    }

    /// <summary>What is wrong with the settings of all checks and of this one.</summary>
    internal IEnumerable<(string Property, string Problem, string Remedy)> CheckAll() =>
    [
        .. HealthRules.CheckTimes(Interval, Timeout, StartupGrace),
        .. HealthRules.CheckThresholds(UnhealthyThreshold, HealthyThreshold),
        .. CheckGroups(),
        .. Check(),
    ];

    private IEnumerable<(string Property, string Problem, string Remedy)> CheckGroups()
    {
        if (FailureStatus is not (null or HealthStatus.Unhealthy or HealthStatus.Degraded)) yield return (nameof(FailureStatus), $"{FailureStatus} is no failure", "Allowed: Unhealthy, Degraded");
        if (Tags is { } tags && tags.Any(tag => string.IsNullOrWhiteSpace(tag) || tag.Contains('/', StringComparison.Ordinal))) yield return (nameof(Tags), "a tag is empty or has a '/'", "Allowed: names such as live, ready, database");
    }
}
