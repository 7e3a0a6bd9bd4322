namespace OtelTelemetry.Exporters.Datadog;

/// <summary>How requests are compressed.</summary>
public enum DatadogCompression
{
    /// <summary>gzip.</summary>
    Gzip,

    /// <summary>deflate, in zlib's format.</summary>
    Deflate,

    /// <summary>Not at all.</summary>
    None,
}
