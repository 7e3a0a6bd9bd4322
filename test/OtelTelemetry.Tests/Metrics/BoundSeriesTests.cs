using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Metrics;

public class BoundSeriesTests : MetricsTestBase
{
    [Test]
    public void Recording_through_a_bound_series_allocates_nothing()
    {
        var counter = Metrics.CreateCounter("orders", "", "method").With("GET");
        var gauge = Metrics.CreateGauge("open", "", "method").With("GET");
        var histogram = Metrics.CreateHistogram("seconds", "", "method").With("GET");
        var summary = Metrics.CreateSummary("sizes", "", "method").With("GET");
        Record(10);

        var allocated = Allocated.Least(() => Record(10_000));

        Assert.That(allocated, Is.Zero);
        Assert.That(counter.Value, Is.EqualTo(30_010));

        void Record(int times)
        {
            for (var i = 0; i < times; i++)
            {
                counter.Inc();
                gauge.Set(i);
                histogram.Observe(0.2);
                summary.Observe(3);
            }
        }
    }
}
