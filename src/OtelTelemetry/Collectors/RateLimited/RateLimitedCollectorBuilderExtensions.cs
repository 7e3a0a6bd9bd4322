using OtelTelemetry.Collectors.RateLimited;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Collectors;

/// <summary>Puts a <see cref="RateLimitedCollector"/> into a pipeline.</summary>
public static class RateLimitedCollectorBuilderExtensions
{
    /// <summary>From here on no more measurements go on than so many a second.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="permitsPerSecond">How many pass a second, of all metrics together; from 0.</param>
    public static CollectorPipelineBuilder UseRateLimit(this CollectorPipelineBuilder builder, int permitsPerSecond) =>
        UseRateLimit(builder, new RateLimitedCollectorOptions { PermitLimit = permitsPerSecond });

    /// <summary>From here on no more measurements go on than the limit allows.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="options">The settings.</param>
    public static CollectorPipelineBuilder UseRateLimit(this CollectorPipelineBuilder builder, RateLimitedCollectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(options);
    }

    internal static CollectorOptions Read(SettingSection settings)
    {
        var options = new RateLimitedCollectorOptions();
        settings.Bind("PermitLimit", Parse.Integer, value => options = options with { PermitLimit = value });
        settings.Bind("Window", Parse.Duration, value => options = options with { Window = value });
        settings.Bind("Burst", Parse.Integer, value => options = options with { Burst = value });
        settings.Bind("PerName", Parse.Boolean, value => options = options with { PerName = value });
        settings.BindMap("PermitLimits", Parse.Integer, values => options = options with { PermitLimits = values });
        return options;
    }
}
