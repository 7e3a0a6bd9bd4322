using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using OtelTelemetry.Configuration;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters.Otlp;
using OtelTelemetry.Processors.Measurements;

namespace OtelTelemetry.Hosting;

/// <summary>The providers of one application. Each is flushed and ended on a thread of its own: one that hangs holds up no other, nor the host.</summary>
internal sealed class ProviderSet
{
    private readonly List<(Func<int, bool> Flush, Func<int, bool> Shutdown)> _providers = [];
    private MeasurementProcessing? _processing;

    private ProviderSet()
    {
    }

    public static ProviderSet Create(IServiceProvider services, TelemetrySettings settings)
    {
        var set = new ProviderSet();
        var options = settings.Options;
        if (!options.Enabled) return set;
        if (services.GetService<LoggerProvider>() is { } logs) set.Add(logs.ForceFlush, logs.Shutdown);
        if (services.GetService<TracerProvider>() is { } traces) set.Add(traces.ForceFlush, traces.Shutdown);
        if (services.GetService<MeterProvider>() is not { } metrics) return set;
        set.Add(metrics.ForceFlush, metrics.Shutdown);
        var processing = set._processing = services.GetRequiredService<MeasurementProcessing>();
        if (OtlpSignal.ForMetrics(options) is { } otlp)
        {
            var own = new OwnMetricsProvider(
                OtlpPipeline.OwnMetrics(otlp, options.Otlp, services.GetRequiredService<PipelineObserver>(), TelemetryBuilder.DeliveryOf(services, options.Otlp.Delivery)), metrics.GetResource(), settings.WantsExemplars, processing);
            set.Add(own.Provider.ForceFlush, own.Shutdown);
        }

        return set;
    }

    public async Task<bool> FlushAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var all = Task.WhenAll(_providers.Select(provider => OnThread(() => provider.Flush((int)budget.TotalMilliseconds))));
        var ended = await Task.WhenAny(all, Task.Delay(budget, cancellationToken)).ConfigureAwait(false);
        return ended == all && (await all.ConfigureAwait(false)).All(flushed => flushed);
    }

    public async Task ShutdownAsync(TimeSpan budget)
    {
        var all = Task.WhenAll(_providers.Select(provider => OnThread(() => provider.Shutdown((int)budget.TotalMilliseconds))));
        await Task.WhenAny(all, Task.Delay(budget)).ConfigureAwait(false);
        _processing?.Dispose();
    }

    private void Add(Func<int, bool> flush, Func<int, bool> shutdown) => _providers.Add((flush, shutdown));

    /// <summary>A thread of its own that does not keep the process alive, since the exporters block.</summary>
    private static Task<bool> OnThread(Func<bool> action)
    {
        var result = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                result.SetResult(action());
            }
            catch (Exception)
            {
                result.SetResult(false);
            }
        })
        {
            IsBackground = true,
            Name = "OtelTelemetry end",
        };
        thread.Start();
        return result.Task;
    }
}
