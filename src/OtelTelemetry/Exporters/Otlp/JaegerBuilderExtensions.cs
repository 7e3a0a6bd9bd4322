using OpenTelemetry.Exporter;
using OtelTelemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Sends traces to Jaeger.</summary>
public static class JaegerBuilderExtensions
{
    private static readonly Uri s_local = new("http://localhost:4317");

    /// <summary>Sends traces, and nothing else, to Jaeger, which takes OTLP: the endpoint of the traces (<c>Telemetry:Otlp:Traces:Endpoint</c>), over gRPC.
    /// Everything else said of OTLP holds.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="endpoint">Where Jaeger takes OTLP over gRPC; beats the configuration. Default: null, which is <c>http://localhost:4317</c>.</param>
    public static TelemetryBuilder AddJaeger(this TelemetryBuilder builder, Uri? endpoint = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPepperTelemetry(options =>
        {
            options.Otlp.Traces.Endpoint = endpoint ?? s_local;
            options.Otlp.Traces.Protocol = OtlpExportProtocol.Grpc;
        });
        return builder;
    }
}
