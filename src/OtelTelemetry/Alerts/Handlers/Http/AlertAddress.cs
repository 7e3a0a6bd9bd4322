using OtelTelemetry.Configuration;

namespace OtelTelemetry.Alerts.Handlers.Http;

/// <summary>Reads addresses that may be keys: what is wrong is not repeated.</summary>
internal static class AlertAddress
{
    public static Parsed<Uri?> Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : Parsed<Uri?>.Wrong("the value (hidden, it may hold a key) is not an address", "Allowed: an address such as https://example.com/alerts");
}
