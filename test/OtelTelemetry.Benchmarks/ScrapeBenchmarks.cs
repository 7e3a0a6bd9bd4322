using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Benchmarks;

/// <summary>A whole scrape beside the least it could be: copying the same bytes line by line through a buffer of the same size.</summary>
internal static class ScrapeBenchmarks
{
    private const int Rounds = 31;

    internal static IEnumerable<BenchmarkResult> Run()
    {
        foreach (var series in new[] { 10_000, 100_000 })
        {
            // A histogram with four bounds is seven lines: five buckets, a sum and a count.
            yield return Measure($"scrape, {series / 1000}k histogram series", series, Histogram, changed: false);
            yield return Measure($"scrape, {series / 1000}k histogram series, all changed", series, Histogram, changed: true);
        }

        yield return Measure("scrape, 100k counter series", 100_000, Counter, changed: false);
        yield return Measure("scrape, 100k counter series, all changed", 100_000, Counter, changed: true);
    }

    private static Action<double>[] Histogram(MetricsCollector metrics, BenchmarkInputs inputs)
    {
        var histogram = metrics.CreateHistogram("latency_seconds", "Latency.", [0.01, 0.1, 1, 5], "method", "route", "status");
        return [.. inputs.Combinations.Select(labels => (Action<double>)histogram.With(labels).Observe)];
    }

    private static Action<double>[] Counter(MetricsCollector metrics, BenchmarkInputs inputs)
    {
        var counter = metrics.CreateCounter("requests_total", "Requests.", "method", "route", "status");
        return [.. inputs.Combinations.Select(labels => counter.With(labels)).Select(bound => (Action<double>)(_ => bound.Inc()))];
    }

    private static BenchmarkResult Measure(string name, int series, Func<MetricsCollector, BenchmarkInputs, Action<double>[]> create, bool changed)
    {
        var registry = new MetricsRegistry();
        using var metrics = new MetricsCollector(new MetricsCollectorOptions { Namespace = "bench", Registry = registry, MaxSeriesPerMetric = series });
        var inputs = new BenchmarkInputs(series);
        var handles = create(metrics, inputs);
        Observe(handles, inputs);
        var handler = new PrometheusScrapeHandler(new MetricReadModel(registry), new PrometheusExporterOptions());
        var format = handler.Negotiate("text/plain;version=0.0.4");
        var text = new MemoryStream();
        handler.WriteAsync(text, format).GetAwaiter().GetResult();
        var lines = new Lines(text.ToArray());
        var output = new NullStream();

        var pairs = new List<(double Copy, double Scrape)>();
        long bytes = 0;
        var warm = TimeProvider.System.GetTimestamp();
        while (pairs.Count < Rounds)
        {
            if (changed) Observe(handles, inputs);
            var copy = Time(() => lines.CopyTo(output));
            var before = GC.GetAllocatedBytesForCurrentThread();
            var scrape = Time(() => handler.WriteAsync(output, format).GetAwaiter().GetResult());
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            // Not before the runtime has compiled the hot loops for good.
            if (TimeProvider.System.GetElapsedTime(warm) > TimeSpan.FromSeconds(2)) pairs.Add((copy, scrape));
        }

        return new BenchmarkResult(
            name,
            PairedBenchmark.Median(pairs.Select(pair => pair.Copy)),
            PairedBenchmark.Median(pairs.Select(pair => pair.Scrape)),
            PairedBenchmark.Median(pairs.Select(pair => pair.Scrape / pair.Copy)),
            bytes,
            "ms");
    }

    private static void Observe(Action<double>[] handles, BenchmarkInputs inputs)
    {
        for (var i = 0; i < handles.Length; i++) handles[i](inputs.Values[i & BenchmarkInputs.Mask]);
    }

    private static double Time(Action action)
    {
        var start = TimeProvider.System.GetTimestamp();
        action();
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }

    private sealed class Lines(byte[] text)
    {
        private readonly byte[] _buffer = new byte[1 << 16];
        private readonly int[] _ends = [.. Enumerable.Range(0, text.Length).Where(i => text[i] == '\n').Select(i => i + 1)];

        internal void CopyTo(Stream output)
        {
            var start = 0;
            var used = 0;
            foreach (var end in _ends)
            {
                if (used + end - start > _buffer.Length)
                {
                    output.Write(_buffer, 0, used);
                    used = 0;
                }

                text.AsSpan(start, end - start).CopyTo(_buffer.AsSpan(used));
                used += end - start;
                start = end;
            }

            output.Write(_buffer, 0, used);
        }
    }

    private sealed class NullStream : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
