namespace OtelTelemetry;

/// <summary>The settings of logs sent through OpenTelemetry (section <c>Telemetry:Logs</c>). The application's other log providers are not touched.</summary>
public sealed class TelemetryLogsOptions
{
    /// <summary>Whether log records go to OpenTelemetry. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Whether the scopes a record was written in are sent with it. Default: true.</summary>
    public bool IncludeScopes { get; set; } = true;

    /// <summary>Whether the finished text is sent beside the template and its values. Default: true.</summary>
    public bool IncludeFormattedMessage { get; set; } = true;
}
