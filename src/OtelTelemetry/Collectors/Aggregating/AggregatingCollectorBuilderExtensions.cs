using OtelTelemetry.Collectors.Aggregating;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Collectors;

/// <summary>Puts an <see cref="AggregatingCollector"/> into a pipeline.</summary>
public static class AggregatingCollectorBuilderExtensions
{
    /// <summary>Measurements are aggregated here, and go on as they are.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="window">How long values are put together before they begin anew; null for ever.</param>
    public static CollectorPipelineBuilder UseAggregation(this CollectorPipelineBuilder builder, TimeSpan? window = null) =>
        UseAggregation(builder, new AggregatingCollectorOptions { Window = window });

    /// <summary>Measurements are aggregated here, and go on as they are.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="options">The settings.</param>
    public static CollectorPipelineBuilder UseAggregation(this CollectorPipelineBuilder builder, AggregatingCollectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(options);
    }

    internal static CollectorOptions Read(SettingSection settings)
    {
        var options = new AggregatingCollectorOptions();
        settings.Bind("Window", Parse.OptionalDuration, value => options = options with { Window = value });
        settings.Bind("MaxSeries", Parse.Integer, value => options = options with { MaxSeries = value });
        return options;
    }
}
