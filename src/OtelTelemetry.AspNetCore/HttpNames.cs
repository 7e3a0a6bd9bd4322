namespace OtelTelemetry.AspNetCore;

/// <summary>Names of HTTP as OpenTelemetry's semantic conventions spell them, without allocation.</summary>
internal static class HttpNames
{
    /// <summary>The method when it is one of RFC 9110 or RFC 5789, else null: strangers must not make names without end.</summary>
    public static string? KnownMethod(string method) => method switch
    {
        "GET" or "POST" or "PUT" or "DELETE" or "PATCH" or "HEAD" or "OPTIONS" or "TRACE" or "CONNECT" => method,
        _ => null,
    };

    /// <summary>The version alone; null for what is no HTTP.</summary>
    public static string? ProtocolVersion(string protocol) => protocol switch
    {
        "HTTP/1.1" => "1.1",
        "HTTP/2" or "HTTP/2.0" => "2",
        "HTTP/3" or "HTTP/3.0" => "3",
        "HTTP/1.0" => "1.0",
        _ => null,
    };
}
