using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Health.Checks.Memory;

/// <summary>
/// Is healthy while the process uses no more memory than it should: its working set, compared with what the runtime says it may have,
/// which is the container's limit where there is one. Immutable.
/// </summary>
public sealed record MemoryHealthCheckOptions : TelemetryHealthCheckOptions
{
    /// <summary>More used memory than this is a failure, in percent of what the process may have. More than 0, at most 100. Default: 90.</summary>
    public double MaxUsedPercent { get; init; } = 90;

    /// <summary>More used memory than this is degraded, in percent. Less than <see cref="MaxUsedPercent"/>. Default: null, which is never.</summary>
    public double? DegradedUsedPercent { get; init; }

    /// <summary>A larger working set than this is a failure, in bytes. Default: null, which is no limit.</summary>
    public long? MaxBytes { get; init; }

    /// <inheritdoc/>
    public override IHealthCheck Create(IServiceProvider services) => new MemoryHealthCheck(this, MemoryUse.OfProcess);

    internal static TelemetryHealthCheckOptions Read(SettingSection settings)
    {
        var options = ReadCommon(settings, new MemoryHealthCheckOptions());
        settings.Bind("MaxUsedPercent", Parse.Number, value => options = options with { MaxUsedPercent = value });
        settings.Bind("DegradedUsedPercent", Parse.OptionalNumber, value => options = options with { DegradedUsedPercent = value });
        settings.Bind("MaxBytes", Parse.OptionalSize, value => options = options with { MaxBytes = value });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        foreach (var problem in PercentLimits.Check(MaxUsedPercent, DegradedUsedPercent)) yield return problem;
        if (MaxBytes <= 0) yield return (nameof(MaxBytes), FormattableString.Invariant($"{MaxBytes} is no size"), "Allowed: more than 0, such as 512MiB");
    }
}
