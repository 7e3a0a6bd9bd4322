using OtelTelemetry.Collectors.Sampling;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Collectors;

/// <summary>Puts a <see cref="SamplingCollector"/> into a pipeline.</summary>
public static class SamplingCollectorBuilderExtensions
{
    /// <summary>From here on only a part of the measurements goes on, and stands for the rest.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="rate">The part that is kept, from 0 to 1.</param>
    public static CollectorPipelineBuilder UseSampling(this CollectorPipelineBuilder builder, double rate) =>
        UseSampling(builder, new SamplingCollectorOptions { Rate = rate });

    /// <summary>From here on only a part of the measurements goes on, and stands for the rest.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="options">The settings.</param>
    public static CollectorPipelineBuilder UseSampling(this CollectorPipelineBuilder builder, SamplingCollectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(options);
    }

    internal static CollectorOptions Read(SettingSection settings)
    {
        var options = new SamplingCollectorOptions();
        settings.Bind("Rate", Parse.Number, value => options = options with { Rate = value });
        settings.BindMap("Rates", Parse.Number, values => options = options with { Rates = values });
        return options;
    }
}
