namespace OtelTelemetry.Hosting;

/// <summary>A service that is made when telemetry starts, and not only when somebody asks for it.</summary>
internal sealed record MadeAtStart(Func<IServiceProvider, object> Make);
