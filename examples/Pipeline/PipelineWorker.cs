using Microsoft.Extensions.Hosting;
using OtelTelemetry;

namespace Pipeline;

/// <summary>Runs the pipeline again and again, until it has run as often as it should or the program is stopped: the run that is going on then
/// is finished.</summary>
internal sealed class PipelineWorker(
    PipelineSettings settings, ReviewFeed customers, ReviewPipeline pipeline, TelemetryManager telemetry, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await Started(stoppingToken)) return;
        Console.WriteLine($"The pipeline is watched at http://localhost:{telemetry.Options.Prometheus.Port}/metrics; Ctrl+C ends it.");

        var number = 0;
        do
        {
            await customers.Write();
            await pipeline.Run(++number);
        }
        while (number != settings.Runs && await Paused(stoppingToken));

        Console.WriteLine(Summary.Of(telemetry.Metrics, ReviewPipeline.Name));
        lifetime.StopApplication();
    }

    private async Task<bool> Started(CancellationToken stopping)
    {
        var started = new TaskCompletionSource<bool>();
        using var onStart = lifetime.ApplicationStarted.Register(() => started.TrySetResult(true));
        using var onStop = stopping.Register(() => started.TrySetResult(false));
        return await started.Task;
    }

    /// <summary>Returns whether to go on.</summary>
    private async Task<bool> Paused(CancellationToken stopping)
    {
        await Task.Delay(settings.Pause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stopping.IsCancellationRequested;
    }
}
