using OtelTelemetry.Metrics;

namespace OtelTelemetry.Benchmarks;

/// <summary>How many bytes of heap a counter series with three labels takes, beside the SDK's.</summary>
internal static class SeriesMemory
{
    // The default cap, full: what a metric that has grown as far as it may costs.
    private const int Series = 2000;
    private const int Metrics = 20;

    internal static BenchmarkResult Measure(string name)
    {
        var labels = new BenchmarkInputs(Series).Combinations;
        var raw = Heap(() =>
        {
            var sdk = new RawSdk("benchmark.memory", Series + 1);
            for (var metric = 0; metric < Metrics; metric++)
            {
                var counter = sdk.Meter.CreateCounter<long>($"memory{metric}");
                foreach (var values in labels) counter.Add(1, BenchmarkInputs.Tags(values));
            }

            return sdk;
        });
        var ours = Heap(() =>
        {
            var metrics = new MetricsCollector(new MetricsCollectorOptions { Registry = new MetricsRegistry(), MaxSeriesPerMetric = Series });
            for (var metric = 0; metric < Metrics; metric++)
            {
                var counter = metrics.CreateCounter($"memory{metric}", "", "method", "route", "status");
                foreach (var values in labels) counter.Inc(values[0], values[1], values[2]);
            }

            return metrics;
        });
        return new BenchmarkResult(name, raw / (Series * Metrics), ours / (Series * Metrics), ours / raw, 0, "B");
    }

    private static double Heap(Func<IDisposable> create)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var made = create();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(made);
        return after - before;
    }
}
