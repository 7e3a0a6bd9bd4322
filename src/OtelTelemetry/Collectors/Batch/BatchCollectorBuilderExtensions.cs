using OtelTelemetry.Collectors.Batch;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Collectors;

/// <summary>Puts a <see cref="BatchCollector"/> into a pipeline.</summary>
public static class BatchCollectorBuilderExtensions
{
    /// <summary>From here on measurements go on in batches.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="batchSize">How many make a batch; from 1. Default: 100.</param>
    public static CollectorPipelineBuilder UseBatching(this CollectorPipelineBuilder builder, int batchSize = 100) =>
        UseBatching(builder, new BatchCollectorOptions { BatchSize = batchSize });

    /// <summary>From here on measurements go on in batches.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="options">The settings.</param>
    public static CollectorPipelineBuilder UseBatching(this CollectorPipelineBuilder builder, BatchCollectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(options);
    }

    internal static CollectorOptions Read(SettingSection settings)
    {
        var options = new BatchCollectorOptions();
        settings.Bind("BatchSize", Parse.Integer, value => options = options with { BatchSize = value });
        settings.Bind("MaxAge", Parse.Duration, value => options = options with { MaxAge = value });
        settings.Bind("Capacity", Parse.OptionalInteger, value => options = options with { Capacity = value });
        return options;
    }
}
