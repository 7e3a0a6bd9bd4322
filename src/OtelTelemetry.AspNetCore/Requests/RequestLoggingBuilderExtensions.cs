using OtelTelemetry;
using OtelTelemetry.AspNetCore.Requests;
using OtelTelemetry.Hosting;
using OtelTelemetry.Requests;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what is told of each request, beside its span and its duration.</summary>
public static class RequestLoggingBuilderExtensions
{
    /// <summary>Logs each request once it has ended: what was asked, what was answered, how long it took and how large it was. Further calls add their settings.</summary>
    /// <param name="builder">What <c>AddPepperTelemetry</c> returned.</param>
    /// <param name="configure">Sets which requests and at which levels; beats section <c>Telemetry:Requests:Logging</c>. Default: null, all of them.</param>
    public static TelemetryBuilder AddRequestLogging(this TelemetryBuilder builder, Action<RequestLoggingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        RequestObserverFilter.AddTo(builder);
        TelemetryRegistration.GetOrAdd(builder.Services).Add(options =>
        {
            options.Requests.Logging.Enabled = true;
            configure?.Invoke(options.Requests.Logging);
        });
        return builder;
    }

    /// <summary>Measures the bodies of requests and answers: the histograms <c>http.server.request.body.size</c> and <c>http.server.response.body.size</c>. Further calls do nothing.</summary>
    /// <param name="builder">What <c>AddPepperTelemetry</c> returned.</param>
    public static TelemetryBuilder AddBodySizes(this TelemetryBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        RequestObserverFilter.AddTo(builder);
        TelemetryRegistration.GetOrAdd(builder.Services).Add(options => options.Requests.BodySizes = true);
        return builder;
    }
}
