using OtelTelemetry.Collectors;
using OtelTelemetry.Hooks;
using OtelTelemetry.Instruments;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Integration.Tests.Support;

/// <summary>A program without a host that works through a pipeline: a fifth of its executions fail. It has a hook and, by mistake, counts what is no number.</summary>
internal sealed class PipelineApplication : IAsyncDisposable
{
    private const string Name = "import";
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TelemetryManager _telemetry;
    private readonly Task _work;

    private PipelineApplication(TelemetryManager telemetry, Uri address)
    {
        _telemetry = telemetry;
        Address = address;
        _telemetry.Hooks.OnEvent(_ => { }, new HookOptions { Name = "audit" });
        _work = Work();
    }

    /// <summary>Where its metrics are, at <c>/metrics</c>.</summary>
    public Uri Address { get; }

    public static async Task<PipelineApplication> Start()
    {
        var port = FreePort.Next();
        var telemetry = await TelemetryManager.StartAsync(options =>
        {
            options.ServiceName = "etl";
            options.Prometheus.Port = port;
        });
        return new PipelineApplication(telemetry, new Uri($"http://localhost:{port}"));
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
        var pipeline = new PipelineInstruments(_telemetry.Metrics);
        var mistakes = _telemetry.Metrics.CreateCounter("mistakes", "What is counted by mistake.");
        using var timer = new PeriodicTimer(s_pause);
        for (var run = 0; await Next(timer); run++)
        {
            using var execution = pipeline.StartExecution(Name);
            pipeline.QueueDepth(Name, 40 - (run % 40));
            pipeline.ApiCalled(Name, 3);
            pipeline.CostAdded(Name, usd: 0.02);
            pipeline.StepSucceeded(Name, "load", TimeSpan.FromSeconds(0.4));
            if (run % 5 == 4)
            {
                pipeline.StepFailed(Name, "transform", TimeSpan.FromSeconds(1.5));
                execution.Fail(new TimeoutException());
            }
            else
            {
                pipeline.StepSucceeded(Name, "transform", TimeSpan.FromSeconds(1.2));
                pipeline.ItemsProcessed(Name, 100);
                execution.Complete();
            }

            mistakes.Inc(double.NaN);
            _telemetry.Metrics.RecordEvent("execution_ended", new Dictionary<string, object?> { ["run"] = run });
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
