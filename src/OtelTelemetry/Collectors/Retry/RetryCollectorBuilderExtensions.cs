using OtelTelemetry.Collectors.Retry;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Collectors;

/// <summary>Puts a <see cref="RetryCollector"/> into a pipeline.</summary>
public static class RetryCollectorBuilderExtensions
{
    /// <summary>From here on measurements that the next collector does not take are given to it again. In an application they wait in its
    /// outbox, elsewhere in memory.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="maxRetries">How often; at least 1. Default: null, which is until they are too old.</param>
    public static CollectorPipelineBuilder UseRetry(this CollectorPipelineBuilder builder, int? maxRetries = null) =>
        UseRetry(builder, new RetryCollectorOptions { MaxRetries = maxRetries });

    /// <summary>From here on measurements that the next collector does not take are given to it again.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="options">The settings.</param>
    public static CollectorPipelineBuilder UseRetry(this CollectorPipelineBuilder builder, RetryCollectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(options);
    }

    internal static CollectorOptions Read(SettingSection settings)
    {
        var options = new RetryCollectorOptions();
        settings.Bind("Name", Parse.Text, value => options = options with { Name = value });
        settings.Bind("MaxRetries", Parse.OptionalInteger, value => options = options with { MaxRetries = value });
        settings.Bind("RetryDelay", Parse.OptionalDuration, value => options = options with { RetryDelay = value });
        settings.Bind("MaxRetryDelay", Parse.OptionalDuration, value => options = options with { MaxRetryDelay = value });
        settings.Bind("MaxBytes", Parse.OptionalSize, value => options = options with { MaxBytes = value });
        settings.Bind("MaxAge", Parse.OptionalDuration, value => options = options with { MaxAge = value });
        settings.Bind("BatchSize", Parse.Integer, value => options = options with { BatchSize = value });
        settings.Bind("MaxDelay", Parse.Duration, value => options = options with { MaxDelay = value });
        return options;
    }
}
