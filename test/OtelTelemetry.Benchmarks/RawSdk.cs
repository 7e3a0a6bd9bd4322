using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Benchmarks;

/// <summary>A meter that the OpenTelemetry SDK aggregates, with one reader that is collected by hand: the baseline.</summary>
internal sealed class RawSdk : IDisposable
{
    private readonly MeterProvider _provider;

    internal RawSdk(string meterName, int cardinalityLimit = 2000)
    {
        Meter = new Meter(meterName);
        Reader = new BaseExportingMetricReader(new NoExporter());
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(meterName)
            .AddView("*", new MetricStreamConfiguration { CardinalityLimit = cardinalityLimit })
            .AddReader(Reader)
            .Build();
    }

    internal Meter Meter { get; }

    internal BaseExportingMetricReader Reader { get; }

    /// <summary>A histogram with the same bounds as ours: the SDK's search takes longer the further up a value falls.</summary>
    internal Histogram<double> CreateHistogram(string name) => CreateHistogram(Meter, name);

    /// <inheritdoc cref="CreateHistogram(string)"/>
    internal static Histogram<double> CreateHistogram(Meter meter, string name) => meter.CreateHistogram(
        name, null, null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = MetricsCollectorOptions.DurationBuckets });

    public void Dispose()
    {
        _provider.Dispose();
        Meter.Dispose();
    }

    private sealed class NoExporter : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
