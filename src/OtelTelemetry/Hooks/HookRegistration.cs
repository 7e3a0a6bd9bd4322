namespace OtelTelemetry.Hooks;

/// <summary>Hooks the application named while it was put together.</summary>
internal sealed record HookRegistration(Action<IServiceProvider, TelemetryHooks> Configure);
