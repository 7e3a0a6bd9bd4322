using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OtelTelemetry.Configuration;
using OtelTelemetry.Delivery;
using OtelTelemetry.Exporters;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Hosting;

/// <summary>The exporters of metrics of one application, each on its interval and each failing alone.</summary>
internal sealed class ExporterSet
{
    private readonly PeriodicExporter[] _exporters;

    private ExporterSet(IEnumerable<PeriodicExporter> exporters) => _exporters = [.. exporters];

    public static ExporterSet Create(IServiceProvider services, TelemetrySettings settings)
    {
        var options = settings.Options;
        if (options is not { Enabled: true, Metrics.Enabled: true }) return new([]);
        var clock = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var readModel = services.GetRequiredService<MetricReadModel>();
        return new(options.Exporters.Select(named =>
        {
            var exporter = named.Value.Create(CreateContext(services, named.Key, named.Value, clock));
            var filter = new MetricFilter(named.Value);
            return new PeriodicExporter(filter.IsEmpty ? exporter : new FilteringExporter(exporter, filter), readModel, named.Value.Interval, named.Value.Timeout, clock);
        }));
    }

    public void Start()
    {
        foreach (var exporter in _exporters) exporter.Start();
    }

    /// <summary>Exports the current values everywhere.</summary>
    /// <returns>Whether every export ended well.</returns>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken) =>
        (await Task.WhenAll(_exporters.Select(exporter => exporter.ExportNowAsync(cancellationToken))).ConfigureAwait(false)).All(exported => exported);

    /// <summary>Exports once more and ends everything, within the time.</summary>
    public async Task ShutdownAsync(TimeSpan budget)
    {
        var all = Task.WhenAll(_exporters.Select(exporter => Task.Run(() => exporter.DisposeAsync().AsTask())));
        await Task.WhenAny(all, Task.Delay(budget)).ConfigureAwait(false);
    }

    private static ExporterContext CreateContext(IServiceProvider services, string name, MetricsExporterOptions options, TimeProvider clock)
    {
        var delivery = services.GetRequiredService<DeliveryMonitor>();
        var own = options.Delivery.Over(delivery.Options);
        return new(name)
        {
            TimeProvider = clock,
            Resource = services.GetService<MeterProvider>()?.GetResource().Attributes.ToDictionary(pair => pair.Key, pair => pair.Value) ?? [],
            CreateHttpClient = () => delivery.CreateHttpClient(name, options: own),
            Delivery = delivery,
            Logger = services.GetService<ILoggerFactory>()?.CreateLogger($"OtelTelemetry.Exporters.{name}") ?? NullLogger.Instance,
        };
    }

    /// <summary>Shows its exporter only what passes the filter.</summary>
    private sealed class FilteringExporter(MetricsExporter exporter, MetricFilter filter) : MetricsExporter(exporter.Name)
    {
        public override ValueTask<MetricsExportResult> ExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default) =>
            exporter.ExportAsync(filter.Apply(families), cancellationToken);

        public override async ValueTask DisposeAsync()
        {
            await exporter.DisposeAsync().ConfigureAwait(false);
            await base.DisposeAsync().ConfigureAwait(false);
        }
    }
}
