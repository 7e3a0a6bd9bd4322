using OtelTelemetry.Monitoring;

namespace OtelTelemetry.Hosting;

/// <summary>What the application registers on its monitor when telemetry starts.</summary>
internal sealed record MonitorRegistration(Action<IServiceProvider, PerformanceMonitor> Configure);
