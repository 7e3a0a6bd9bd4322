namespace OtelTelemetry.Exporters.Zipkin;

/// <summary>What Zipkin shows as the place where spans were made (section <c>Telemetry:Zipkin:LocalEndpoint</c>).</summary>
public sealed class ZipkinEndpointOptions
{
    /// <summary>The service's name. Default: null, which is <c>service.name</c>.</summary>
    public string? ServiceName { get; set; }

    /// <summary>An address, version 4 or 6. Default: null, none.</summary>
    public string? IpAddress { get; set; }

    /// <summary>A port, from 1 to 65535. Default: null, none.</summary>
    public int? Port { get; set; }
}
