using OtelTelemetry.Collectors;
using OtelTelemetry.Hooks;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Integration.Tests.Support;

/// <summary>A program without a host that has a hook and, by mistake, counts what is no number.</summary>
internal sealed class CarelessApplication : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TelemetryManager _telemetry;
    private readonly Task _work;

    private CarelessApplication(TelemetryManager telemetry, Uri address)
    {
        _telemetry = telemetry;
        Address = address;
        _telemetry.Hooks.OnEvent(_ => { }, new HookOptions { Name = "audit" });
        _work = Work();
    }

    /// <summary>Where its metrics are, at <c>/metrics</c>.</summary>
    public Uri Address { get; }

    public static async Task<CarelessApplication> Start()
    {
        var port = FreePort.Next();
        var telemetry = await TelemetryManager.StartAsync(options =>
        {
            options.ServiceName = "careless";
            options.Prometheus.Port = port;
        });
        return new CarelessApplication(telemetry, new Uri($"http://localhost:{port}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _work;
        await _telemetry.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task Work()
    {
        var mistakes = _telemetry.Metrics.CreateCounter("mistakes", "What is counted by mistake.");
        using var timer = new PeriodicTimer(s_pause);
        for (var made = 0; await Next(timer); made++)
        {
            mistakes.Inc(double.NaN);
            _telemetry.Metrics.RecordEvent("mistake_made", new Dictionary<string, object?> { ["before"] = made });
        }
    }

    private async Task<bool> Next(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
