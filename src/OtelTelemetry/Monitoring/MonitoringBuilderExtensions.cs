using OtelTelemetry;
using OtelTelemetry.Hosting;
using OtelTelemetry.Monitoring;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what is monitored.</summary>
public static class MonitoringBuilderExtensions
{
    /// <summary>Registers collectors on the application's <see cref="PerformanceMonitor"/>, which runs while telemetry does. Called when
    /// telemetry starts; what throws there ends the start.</summary>
    /// <param name="builder">What <c>AddPepperTelemetry</c> returned.</param>
    /// <param name="configure">Registers, such as <c>(services, monitor) => monitor.RegisterCollector("queue", ...)</c>.</param>
    public static TelemetryBuilder AddMonitor(this TelemetryBuilder builder, Action<IServiceProvider, PerformanceMonitor> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddSingleton(new MonitorRegistration(configure));
        return builder;
    }

    /// <summary>Registers collectors that need no services of the application, like the other overload.</summary>
    /// <param name="builder">What <c>AddPepperTelemetry</c> returned.</param>
    /// <param name="configure">Registers.</param>
    public static TelemetryBuilder AddMonitor(this TelemetryBuilder builder, Action<PerformanceMonitor> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddMonitor((_, monitor) => configure(monitor));
    }

    /// <summary>Collects metrics of the machine, the process and its container under the names of OpenTelemetry's semantic conventions:
    /// <c>system.*</c>, <c>process.*</c>, <c>container.*</c> (<c>Telemetry:Monitoring:System</c>).</summary>
    /// <param name="builder">What <c>AddPepperTelemetry</c> returned.</param>
    /// <param name="configure">Changes settings, which beat those of the configuration; null for none.</param>
    public static TelemetryBuilder AddSystemMetrics(this TelemetryBuilder builder, Action<SystemMetricsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        TelemetryRegistration.GetOrAdd(builder.Services).Add(options =>
        {
            options.Monitoring.System.Enabled = true;
            configure?.Invoke(options.Monitoring.System);
        });
        return builder;
    }
}
