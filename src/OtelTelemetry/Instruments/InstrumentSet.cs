using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OtelTelemetry.Hosting;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Instruments;

/// <summary>What the ready-made sets have in common: how they get their metrics, and how they are registered.</summary>
internal static class InstrumentSet
{
    // A metric of the name that is there with the same labels is taken, whatever its buckets, help and caps: so an operator can declare
    // them (Telemetry:Metrics:Definitions), and sets share metrics. Any other metric of the name is a conflict, which creating reports.
    public static Counter Counter(MetricsCollector collector, CounterOptions options) => There<Counter>(collector, options) ?? collector.CreateCounter(options);

    public static Gauge Gauge(MetricsCollector collector, GaugeOptions options) => There<Gauge>(collector, options) ?? collector.CreateGauge(options);

    public static Histogram Histogram(MetricsCollector collector, HistogramOptions options) => There<Histogram>(collector, options) ?? collector.CreateHistogram(options);

    /// <summary>Registers a set on the application's collector. It is made when telemetry starts, so that its metrics are there before anything happens.</summary>
    public static TelemetryBuilder Add<TSet>(TelemetryBuilder builder, Func<MetricsCollector, TSet> make)
        where TSet : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(services => make(services.GetRequiredService<MetricsCollector>()));
        builder.Services.AddSingleton(new MadeAtStart(services => services.GetRequiredService<TSet>()));
        return builder;
    }

    private static TMetric? There<TMetric>(MetricsCollector collector, MetricOptions options)
        where TMetric : MetricInstrument
    {
        ArgumentNullException.ThrowIfNull(collector);
        return collector.GetMetric(options.Name) is TMetric metric && metric.LabelNames.SequenceEqual(options.LabelNames) ? metric : null;
    }
}
