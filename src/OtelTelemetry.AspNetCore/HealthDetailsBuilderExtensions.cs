using Microsoft.AspNetCore.Http;
using OtelTelemetry;
using OtelTelemetry.AspNetCore.Health;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Says who sees the details of health.</summary>
public static class HealthDetailsBuilderExtensions
{
    /// <summary>Lets those see the details of health (checks, errors, history) for whose requests the rule says so, beside those whom
    /// <c>Telemetry:Health:Details</c> and <c>DetailsPolicy</c> let see them. Further calls add further rules.</summary>
    /// <param name="builder">What <c>AddPepperTelemetry</c> returned.</param>
    /// <param name="allows">The rule. It is asked for every request of a health endpoint, by many threads.</param>
    public static TelemetryBuilder AllowHealthDetails(this TelemetryBuilder builder, Func<HttpContext, bool> allows)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(allows);
        builder.Services.AddSingleton(new HealthDetailsRule(allows));
        return builder;
    }
}
