using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OtelTelemetry.Hosting;

/// <summary>Starts telemetry before every other hosted service and sends what is left after all of them have stopped.</summary>
internal sealed class TelemetryHostedService(IServiceProvider services) : IHostedLifecycleService
{
    private TelemetryManager? _manager;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _manager = services.GetRequiredService<TelemetryManager>();
        return _manager.StartAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // What the application stops from here on is no news of its health.
    public Task StoppingAsync(CancellationToken cancellationToken) => _manager?.StopHealthAsync() ?? Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => _manager?.ShutdownAsync(cancellationToken) ?? Task.CompletedTask;
}
