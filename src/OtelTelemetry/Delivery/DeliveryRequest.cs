using OtelTelemetry.Delivery.Splitting;

namespace OtelTelemetry.Delivery;

/// <summary>What an exporter can say of a request that it sends through a client of <see cref="DeliveryMonitor.CreateHttpClient"/>. With another client it has no effect.</summary>
public static class DeliveryRequest
{
    private static readonly HttpRequestOptionsKey<long> s_items = new("OtelTelemetry.Delivery.Items");
    private static readonly HttpRequestOptionsKey<IRequestSplitter> s_splitter = new("OtelTelemetry.Delivery.Splitter");
    private static readonly HttpRequestOptionsKey<Func<HttpRequestMessage, CancellationToken, ValueTask>> s_prepare = new("OtelTelemetry.Delivery.Prepare");

    private static readonly HttpRequestOptionsKey<string[]> s_secrets = new("OtelTelemetry.Delivery.Secrets");

    /// <summary>Says how many spans, points or log records the request carries. Without it, it counts as one.</summary>
    /// <param name="request">The request.</param>
    /// <param name="items">How many; at least 0.</param>
    public static void SetItems(HttpRequestMessage request, long items)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        request.Options.Set(s_items, items);
    }

    /// <summary>Names what runs before each attempt, now and later, on the request as it is sent, its body included: it sets headers that
    /// depend on the moment or on the body, such as a signature. The request sent last to an address says it for all that wait for that address.</summary>
    /// <param name="request">The request.</param>
    /// <param name="prepare">Changes headers of the request. What it throws makes the attempt fail.</param>
    public static void SetPrepare(HttpRequestMessage request, Func<HttpRequestMessage, CancellationToken, ValueTask> prepare)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(prepare);
        request.Options.Set(s_prepare, prepare);
    }

    /// <summary>Names what splits the request when it is too large. Without it, it is dropped then.</summary>
    internal static void SetSplitter(HttpRequestMessage request, IRequestSplitter splitter) => request.Options.Set(s_splitter, splitter);

    /// <summary>Names what must not be shown beside the values of headers, should the backend repeat it: a key in the address or in the body.</summary>
    internal static void SetSecrets(HttpRequestMessage request, string[] secrets) => request.Options.Set(s_secrets, secrets);

    internal static string[] SecretsOf(HttpRequestMessage request) => request.Options.TryGetValue(s_secrets, out var secrets) ? secrets : [];

    internal static IRequestSplitter? SplitterOf(HttpRequestMessage request) => request.Options.TryGetValue(s_splitter, out var splitter) ? splitter : null;

    internal static long? ItemsOf(HttpRequestMessage request) => request.Options.TryGetValue(s_items, out var items) ? items : null;

    internal static Func<HttpRequestMessage, CancellationToken, ValueTask>? PrepareOf(HttpRequestMessage request) =>
        request.Options.TryGetValue(s_prepare, out var prepare) ? prepare : null;
}
