using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OtelTelemetry.Metrics;
using OtelTelemetry.Processors.Measurements;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>
/// The provider that sends our own metrics by OTLP. It listens to every meter, since collectors are made at any time under any name,
/// and drops every instrument that is not ours: such an instrument is asked about once, when it is made, and stays disabled.
/// It is made only when OTLP metrics are on, so that histograms are mirrored into the SDK only then.
/// </summary>
internal sealed class OwnMetricsProvider
{
    /// <summary>How many metrics it can hold; the SDK's own default is 1000, which a rich application exceeds.</summary>
    private const int MostMetrics = 10_000;

    public OwnMetricsProvider(MetricReader reader, Resource resource, bool wantsExemplars, MeasurementProcessing processing)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes(resource.Attributes))
            .SetMaxMetricStreams(MostMetrics)
            .AddMeter("*")
            .AddView(instrument => processing.ViewOfOwn(instrument, StreamOf))
            .AddReader(reader);
        if (wantsExemplars) builder.SetExemplarFilter(ExemplarFilterType.TraceBased);
        Provider = builder.Build();
    }

    public MeterProvider Provider { get; }

    /// <summary>Sends what is left and stops listening.</summary>
    public bool Shutdown(int timeoutMilliseconds)
    {
        var sent = Provider.Shutdown(timeoutMilliseconds);
        Provider.Dispose();
        return sent;
    }

    private static MetricStreamConfiguration StreamOf(MetricInstrument metric)
    {
        var configuration = metric.Descriptor.Kind switch
        {
            MetricKind.Histogram => new ExplicitBucketHistogramConfiguration { Boundaries = metric.Definition.Points },
            MetricKind.Summary => new Base2ExponentialBucketHistogramConfiguration(),
            _ => new MetricStreamConfiguration(),
        };

        // The metric has its own cap and overflow series; the SDK's must not cut in before it.
        configuration.CardinalityLimit = metric.Definition.MaxSeries + 1;
        return configuration;
    }
}
