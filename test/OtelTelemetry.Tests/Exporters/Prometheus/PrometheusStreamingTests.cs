using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.Prometheus;

/// <summary>A scrape's memory does not grow with the number of series.</summary>
[TestFixture]
public sealed class PrometheusStreamingTests
{
    [Test]
    public void A_scrape_of_100k_series_holds_little_and_allocates_nothing_per_series()
    {
        var registry = new MetricsRegistry();
        using var collector = new MetricsCollector(new MetricsCollectorOptions { Namespace = "streaming", MaxSeriesPerMetric = 200_000, Registry = registry });
        var counter = collector.CreateCounter("requests", "Requests.", "path");
        var histogram = collector.CreateHistogram("duration_seconds", "Durations.", "path");
        var gauge = collector.CreateGauge("level", "Levels.", "path");
        for (var i = 0; i < 60_000; i++) counter.Inc("/path/" + i);
        for (var i = 0; i < 20_000; i++)
        {
            histogram.Observe((i + 1) / 3.0, "/path/" + i);
            gauge.Set(i + 0.5, "/path/" + i);
        }

        var handler = new PrometheusScrapeHandler(new MetricReadModel(registry), new PrometheusExporterOptions());
        var output = new CountingStream();
        foreach (var format in new[] { Some.OpenMetrics, Some.Text, Some.OpenMetrics, Some.Text })
        {
            output.Reset();
            handler.WriteAsync(output, format).GetAwaiter().GetResult();
        }

        // The least of a few: the runtime may add to any one of them (a method compiled anew, a pool that was trimmed), never take away.
        var allocated = Enumerable.Range(0, 5).Min(_ => ScrapeAfterEverySumChanged());

        Assert.That(output.Lines, Is.GreaterThan(100_000));
        Assert.That(output.LargestWrite, Is.LessThan(2 * PrometheusTextWriter.Mark));
        Assert.That(allocated, Is.LessThanOrEqualTo(1024));

        // From one fraction to another: a new number must not cost a new object.
        long ScrapeAfterEverySumChanged()
        {
            output.Reset();
            for (var i = 0; i < 20_000; i++) histogram.Observe(0.125, "/path/" + i);
            var before = GC.GetAllocatedBytesForCurrentThread();
            handler.WriteAsync(output, Some.OpenMetrics).GetAwaiter().GetResult();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Test]
    public void A_paused_scrape_loses_no_series_and_repeats_none()
    {
        var long_ = new string('x', 5000);
        var family = Some.Family(MetricKind.Counter, "c", "", "", [.. Enumerable.Range(0, 500).Select(i => new MetricSample(Some.Labels("i", i + long_), i))]);
        var exporter = new PrometheusExporter();
        exporter.Export([family]);

        var samples = ExpositionParser.Parse(Some.Utf8(exporter.GetMetricsText()), openMetrics: false).Single().Samples;

        Assert.That(samples.Select(sample => sample.Number), Is.EqualTo(Enumerable.Range(0, 500).Select(i => (double)i)));
    }

    [Test]
    public void A_single_series_larger_than_the_buffer_is_written_whole()
    {
        var bounds = Enumerable.Range(0, 3000).Select(i => i + 0.5).ToArray();
        var family = Some.Family(MetricKind.Histogram, "h", "", "",
            new MetricSample(Some.Labels("a", new string('y', 100)), new HistogramSample(bounds, Enumerable.Repeat(1L, 3001), 1.5)),
            new MetricSample(Some.Labels("a", "z"), new HistogramSample([1], [1, 1], 1.5)));
        var exporter = new PrometheusExporter();
        exporter.Export([family]);

        var parsed = ExpositionParser.Parse(Some.Utf8(exporter.GetMetricsText()), openMetrics: false).Single();

        Assert.That(parsed.Samples, Has.Count.EqualTo(3001 + 2 + 2 + 2));
    }

    [Test]
    public void Cancelling_ends_the_scrape()
    {
        var exporter = new PrometheusExporter();
        exporter.Export([Some.Number(MetricKind.Gauge, "g", 1)]);

        Assert.That(
            () => exporter.Handler.WriteAsync(Stream.Null, Some.Text, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Many_scrapes_at_once_while_numbers_change_are_all_whole()
    {
        var registry = new MetricsRegistry();
        using var collector = new MetricsCollector(new MetricsCollectorOptions { Namespace = "concurrent", Registry = registry });
        var histogram = collector.CreateHistogram("h", "H.", "i");
        var gauge = collector.CreateGauge("g", "G.", "i");
        var handler = new PrometheusScrapeHandler(new MetricReadModel(registry), new PrometheusExporterOptions());
        var stop = false;
        var writer = Task.Run(() =>
        {
            for (var i = 0; !Volatile.Read(ref stop); i++)
            {
                var label = (i % 50).ToString(System.Globalization.CultureInfo.InvariantCulture);
                histogram.Observe(0.1 * (i % 97), label);
                gauge.Set((i % 1000) + 0.25, label);
            }
        });

        var formats = new[] { Some.Text, Some.OpenMetrics, new PrometheusFormat(PrometheusDialect.OpenMetrics100, PrometheusEscaping.Dots), new PrometheusFormat(PrometheusDialect.Text100, PrometheusEscaping.AllowUtf8) };
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            using var output = new MemoryStream();
            var format = formats[i % formats.Length];
            handler.WriteAsync(output, format).GetAwaiter().GetResult();
            foreach (var family in ExpositionParser.Parse(output.ToArray(), format.IsOpenMetrics).Where(family => family.Type == "gauge"))
            {
                // A torn number would show as one that was never set.
                foreach (var sample in family.Samples)
                {
                    if (sample.Number % 1 != 0.25 || sample.Number > 1000) throw new InvalidOperationException($"{sample}");
                }
            }
        });
        Volatile.Write(ref stop, true);
        writer.Wait();
    }

    private sealed class CountingStream : Stream
    {
        public long Lines { get; private set; }

        public int LargestWrite { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void Reset() => (Lines, LargestWrite) = (0, 0);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Lines += buffer.Span.Count((byte)'\n');
            LargestWrite = Math.Max(LargestWrite, buffer.Length);
            return ValueTask.CompletedTask;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
