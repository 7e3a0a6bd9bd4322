using OpenTelemetry.Exporter;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>What one signal sets for itself (for example section <c>Telemetry:Otlp:Traces</c>). What is null is taken from <see cref="OtlpOptions"/>.</summary>
public sealed class OtlpSignalOptions
{
    /// <summary>Whether this signal is sent by OTLP. Default: null, as <see cref="OtlpOptions.Enabled"/> says.</summary>
    public bool? Enabled { get; set; }

    /// <summary>Where to send, used exactly as it is. Default: null.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>gRPC or http/protobuf. Default: null.</summary>
    public OtlpExportProtocol? Protocol { get; set; }

    /// <summary>Headers for this signal in place of those for all. Default: empty, which means those for all.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The most time one request may take. More than zero. Default: null.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Whether requests are compressed. Default: null.</summary>
    public OtlpExportCompression? Compression { get; set; }
}
