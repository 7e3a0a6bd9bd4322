namespace OtelTelemetry.Requests;

/// <summary>What is told of each request to a web application, beside its span and its duration (section <c>Telemetry:Requests</c>). Read at the start.</summary>
public sealed class TelemetryRequestsOptions
{
    /// <summary>Whether the sizes of bodies are measured: the histograms <c>http.server.request.body.size</c> and <c>http.server.response.body.size</c>, in bytes, with the attributes of
    /// <c>http.server.request.duration</c>. Default: false.</summary>
    public bool BodySizes { get; set; }

    /// <summary>The log record of each request.</summary>
    public RequestLoggingOptions Logging { get; } = new();
}
