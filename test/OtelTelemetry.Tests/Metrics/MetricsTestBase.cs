using OtelTelemetry.Metrics;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Metrics;

/// <summary>A collector in a registry of its own, with a clock that stands still.</summary>
public abstract class MetricsTestBase
{
    private static int s_meters;

    protected FakeClock Clock { get; private set; } = null!;

    protected MetricsRegistry Registry { get; private set; } = null!;

    protected MetricsCollector Metrics { get; private set; } = null!;

    [SetUp]
    public void CreateCollector()
    {
        Clock = new FakeClock();
        Registry = new MetricsRegistry();
        Metrics = CreateCollector(options => options);
    }

    [TearDown]
    public void DisposeCollector() => Metrics.Dispose();

    /// <summary>Meters are matched by name in the whole process, so each collector has a name of its own.</summary>
    protected MetricsCollector CreateCollector(Func<MetricsCollectorOptions, MetricsCollectorOptions> configure) => new(configure(
        new MetricsCollectorOptions { Registry = Registry, TimeProvider = Clock, MeterName = $"test.{Interlocked.Increment(ref s_meters)}.{GetType().Name}" }));
}
