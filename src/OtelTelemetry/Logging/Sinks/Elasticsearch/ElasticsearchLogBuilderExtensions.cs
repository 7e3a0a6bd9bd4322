using OtelTelemetry.Logging.Sinks.Elasticsearch;

namespace OtelTelemetry;

/// <summary>Adds log records in Elasticsearch or OpenSearch.</summary>
public static class ElasticsearchLogBuilderExtensions
{
    /// <summary>Sends log records to Elasticsearch or OpenSearch.</summary>
    /// <param name="builder">The telemetry.</param>
    /// <param name="options">The settings. Default: null, a server at <c>http://localhost:9200</c>.</param>
    /// <param name="name">What this sink is called.</param>
    public static TelemetryBuilder AddElasticsearchLogs(this TelemetryBuilder builder, ElasticsearchLogOptions? options = null, string name = "Elasticsearch")
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddLogSink(name, options ?? new ElasticsearchLogOptions());
    }
}
