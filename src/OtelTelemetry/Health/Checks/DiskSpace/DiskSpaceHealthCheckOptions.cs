using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Health.Checks.DiskSpace;

/// <summary>Is healthy while the volume of a folder has enough space that the application may use. Immutable.</summary>
public sealed record DiskSpaceHealthCheckOptions : TelemetryHealthCheckOptions
{
    /// <summary>A folder of the volume. Default: the root of the volume the application runs on.</summary>
    public string Path { get; init; } = System.IO.Path.GetPathRoot(AppContext.BaseDirectory) ?? "/";

    /// <summary>More used space than this is a failure, in percent of what is used and what may be used. More than 0, at most 100. Default: 90.</summary>
    public double MaxUsedPercent { get; init; } = 90;

    /// <summary>More used space than this is degraded, in percent. Less than <see cref="MaxUsedPercent"/>. Default: null, which is never.</summary>
    public double? DegradedUsedPercent { get; init; }

    /// <summary>Less free space than this is a failure, in bytes. Default: null, which is no limit.</summary>
    public long? MinFreeBytes { get; init; }

    /// <inheritdoc/>
    public override IHealthCheck Create(IServiceProvider services) => new DiskSpaceHealthCheck(this, DiskUse.Of);

    internal static TelemetryHealthCheckOptions Read(SettingSection settings)
    {
        var options = ReadCommon(settings, new DiskSpaceHealthCheckOptions());
        settings.Bind("Path", Parse.Text, value => options = options with { Path = value });
        settings.Bind("MaxUsedPercent", Parse.Number, value => options = options with { MaxUsedPercent = value });
        settings.Bind("DegradedUsedPercent", Parse.OptionalNumber, value => options = options with { DegradedUsedPercent = value });
        settings.Bind("MinFreeBytes", Parse.OptionalSize, value => options = options with { MinFreeBytes = value });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (string.IsNullOrWhiteSpace(Path)) yield return (nameof(Path), "it is empty", "Allowed: a folder such as /var/lib/shop");
        foreach (var problem in PercentLimits.Check(MaxUsedPercent, DegradedUsedPercent)) yield return problem;
        if (MinFreeBytes < 0) yield return (nameof(MinFreeBytes), FormattableString.Invariant($"{MinFreeBytes} is no size"), "Allowed: 0 and more, such as 1GiB");
    }
}
