using OtelTelemetry.Configuration;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Hosting;

/// <summary>Makes the declared metrics in the application's collector.</summary>
internal static class DeclaredMetrics
{
    /// <exception cref="TelemetryConfigurationException">Other metrics of the process have some of the names; all of them are listed.</exception>
    public static void Make(MetricsCollector collector, TelemetrySettings settings)
    {
        var report = settings.Report;
        foreach (var definition in settings.Options.Metrics.Definitions)
        {
            try
            {
                Make(collector, definition);
            }
            catch (DuplicateMetricException exception)
            {
                report.Error(
                    MetricDefinitionValidation.NameOf(report, definition), exception.Message.TrimEnd('.'), "Declare it as the application makes it, or remove one of the two");
            }
        }

        if (report.Errors.Count > 0) throw new TelemetryConfigurationException(report.Errors);
    }

    private static MetricInstrument Make(MetricsCollector collector, MetricOptions definition) => definition switch
    {
        CounterOptions counter => collector.CreateCounter(counter),
        GaugeOptions gauge => collector.CreateGauge(gauge),
        HistogramOptions histogram => collector.CreateHistogram(histogram),
        SummaryOptions summary => collector.CreateSummary(summary),
        _ => throw new ArgumentException($"{definition.GetType().Name} is not a kind of metric."),
    };
}
