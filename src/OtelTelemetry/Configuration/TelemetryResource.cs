using OpenTelemetry.Resources;

namespace OtelTelemetry.Configuration;

/// <summary>What every signal says about where it comes from (OpenTelemetry semantic conventions, "Service", "Deployment").</summary>
internal static class TelemetryResource
{
    public static void Configure(ResourceBuilder builder, TelemetryOptions options)
    {
        var attributes = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in options.ResourceAttributes) attributes[name] = value;
        Set("service.name", options.ServiceName);
        Set("service.version", options.ServiceVersion);
        Set("service.instance.id", options.ServiceInstanceId);
        Set("deployment.environment.name", options.Environment);
        builder.AddAttributes(attributes);

        void Set(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) attributes[name] = value;
        }
    }
}
