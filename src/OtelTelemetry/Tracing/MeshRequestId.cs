using System.Diagnostics;

namespace OtelTelemetry.Tracing;

/// <summary>
/// The request id a service mesh gave a request (<c>x-request-id</c> of Envoy and Istio): kept on the span the request began, where the
/// spans below it find it, and shown as an attribute there (OpenTelemetry semantic conventions 1.23, <c>http.request.header.&lt;key&gt;</c>).
/// </summary>
internal static class MeshRequestId
{
    /// <summary>Longer ids are left alone: they are none that a mesh made.</summary>
    internal const int Longest = 128;

    internal const string Header = "x-request-id";

    internal const string Attribute = "http.request.header.x-request-id";

    private const string Property = "oteltelemetry.request_id";

    /// <summary>Whether it may be put on spans and into headers: visible ASCII and not too long.</summary>
    public static bool IsValid(string? id) => id is { Length: > 0 and <= Longest } && !id.AsSpan().ContainsAnyExceptInRange('!', '~');

    public static void Set(Activity span, string id)
    {
        span.SetCustomProperty(Property, id);
        if (span.IsAllDataRequested) span.SetTag(Attribute, new[] { id });
    }

    /// <summary>The id of the request that a span belongs to; null where there is none.</summary>
    public static string? Of(Activity? span)
    {
        for (; span is not null; span = span.Parent)
        {
            if (span.GetCustomProperty(Property) is string id) return id;
        }

        return null;
    }
}
