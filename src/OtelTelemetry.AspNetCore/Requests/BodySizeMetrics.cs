using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace OtelTelemetry.AspNetCore.Requests;

/// <summary>
/// The sizes of bodies (OpenTelemetry semantic conventions, "HTTP metrics"), with the attributes that <c>http.server.request.duration</c> has, those included that the application adds to it.
/// Requests that are left out there are left out here. Thread-safe.
/// </summary>
internal sealed class BodySizeMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "OtelTelemetry.AspNetCore";

    private const string ErrorType = "error.type";

    /// <summary>From 128 bytes to 2 GiB, each eight times the one before.</summary>
    private static readonly InstrumentAdvice<long> s_advice = new() { HistogramBucketBoundaries = [.. Enumerable.Range(0, 9).Select(power => 128L << (3 * power))] };

    private readonly Histogram<long> _request;
    private readonly Histogram<long> _response;

    public BodySizeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _request = meter.CreateHistogram("http.server.request.body.size", "By", "Size of HTTP server request bodies.", tags: null, s_advice);
        _response = meter.CreateHistogram("http.server.response.body.size", "By", "Size of HTTP server response bodies.", tags: null, s_advice);
    }

    public void Record(HttpContext context, in RequestOutcome outcome)
    {
        if (!_request.Enabled && !_response.Enabled) return;
        var custom = context.Features.Get<IHttpMetricsTagsFeature>();
        if (custom is { MetricsDisabled: true } || context.GetEndpoint()?.Metadata.GetMetadata<IDisableHttpMetricsMetadata>() is not null) return;

        var tags = new TagList
        {
            { "http.request.method", HttpNames.KnownMethod(context.Request.Method) ?? "_OTHER" },
            { "url.scheme", context.Request.Scheme },
            { "http.response.status_code", Boxed.Of(outcome.Status) },
        };
        if (HttpNames.ProtocolVersion(context.Request.Protocol) is { } version) tags.Add("network.protocol.version", version);
        if (outcome.Route is { } route) tags.Add("http.route", route.Length > 0 ? route : "/");

        // A status alone is no error there; what handles exceptions adds their type itself.
        var isErrorTold = !outcome.HasThrown;
        if (custom is { Tags.Count: > 0 })
        {
            foreach (var tag in custom.Tags)
            {
                tags.Add(tag);
                isErrorTold |= tag.Key == ErrorType;
            }
        }

        if (!isErrorTold) tags.Add(ErrorType, outcome.ErrorType);
        _request.Record(outcome.RequestBytes, tags);
        _response.Record(outcome.ResponseBytes, tags);
    }
}
