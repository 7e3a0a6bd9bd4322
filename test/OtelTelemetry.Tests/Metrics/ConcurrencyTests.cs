using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tests.Metrics;

public class ConcurrencyTests : MetricsTestBase
{
    private const int Threads = 100;

    [Test]
    public void A_hundred_threads_and_a_million_increments_each_are_a_hundred_million()
    {
        const int Increments = 1_000_000;
        var counter = Metrics.CreateCounter("shared", "", "a");
        using var reading = new CancellationTokenSource();
        var readings = Task.Run(() => ReadUntil(() => counter.Get("x"), reading.Token));
        Run(_ =>
        {
            var handle = counter.With("x");
            for (var i = 0; i < Increments; i++) handle.Inc();
        });
        reading.Cancel();
        Assert.That(counter.Get("x"), Is.EqualTo(100_000_000));
        Assert.That(readings.Result, Is.Ordered.Ascending);
        Assert.That(readings.Result, Has.Count.GreaterThan(10));
    }

    [Test]
    public void Integers_and_fractions_together_never_go_down()
    {
        var counter = Metrics.CreateCounter("mixed");
        using var reading = new CancellationTokenSource();
        var readings = Task.Run(() => ReadUntil(() => counter.Get(), reading.Token));
        Run(thread =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                if (thread % 2 == 0) counter.Inc();
                else counter.Inc(0.5);
            }
        });
        reading.Cancel();
        Assert.That(counter.Get(), Is.EqualTo(50 * 20_000 * 1.5));
        Assert.That(readings.Result, Is.Ordered.Ascending);
    }

    [Test]
    public void A_histogram_is_exact_in_every_reading()
    {
        const int Observations = 100_000;
        var histogram = Metrics.CreateHistogram("shared", "", [1, 2, 4, 8]);
        using var reading = new CancellationTokenSource();
        var wrong = Task.Run(() =>
        {
            var last = 0L;
            var errors = 0;
            while (!reading.IsCancellationRequested)
            {
                var sample = Metrics.Collect("shared")!.Samples.Single().Histogram!;
                // Every value is an integer from 1 to 10, so a torn reading would show in the sum.
                if (sample.Count < last || sample.Sum < sample.Count || sample.Sum > 10 * sample.Count) errors++;
                last = sample.Count;
            }

            return errors;
        });
        Run(thread =>
        {
            for (var i = 0; i < Observations; i++) histogram.Observe((i % 10) + 1);
        });
        reading.Cancel();
        var snapshot = histogram.Get()!;
        Assert.That(wrong.Result, Is.Zero);
        Assert.That(snapshot.Count, Is.EqualTo(Threads * Observations));
        Assert.That(snapshot.Sum, Is.EqualTo(Threads * Observations * 5.5));
        Assert.That(snapshot.BucketCounts, Is.EqualTo(new long[] { 1, 1, 2, 4, 2 }.Select(share => share * Threads * Observations / 10)));
    }

    [Test]
    public void Gauges_and_summaries_are_exact_too()
    {
        var gauge = Metrics.CreateGauge("gauge");
        var summary = Metrics.CreateSummary("summary");
        Run(_ =>
        {
            for (var i = 0; i < 2000; i++)
            {
                gauge.Inc(2);
                gauge.Dec();
                summary.Observe(3);
            }
        });
        Assert.That(gauge.Get(), Is.EqualTo(Threads * 2000));
        Assert.That(summary.Get()!.Count, Is.EqualTo(Threads * 2000));
        Assert.That(summary.Get()!.Sum, Is.EqualTo(Threads * 2000 * 3));
    }

    [Test]
    public void Series_made_by_many_threads_at_once_are_made_once()
    {
        var counter = Metrics.CreateCounter("racing", "", "a", "b");
        Run(_ =>
        {
            for (var i = 0; i < 5000; i++) counter.Inc((i % 50).ToString("D3", null), "b" + (i % 20));
        });
        Assert.That(counter.SeriesCount, Is.EqualTo(100));
        Assert.That(Metrics.Collect("racing")!.Samples.Sum(sample => sample.Value), Is.EqualTo(Threads * 5000));
    }

    private static List<double> ReadUntil(Func<double> read, CancellationToken end)
    {
        var values = new List<double>();
        while (!end.IsCancellationRequested)
        {
            values.Add(read());
            Thread.Yield();
        }

        values.Add(read());
        return values;
    }

    private static void Run(Action<int> body)
    {
        using var start = new Barrier(Threads);
        var threads = Enumerable.Range(0, Threads).Select(index => new Thread(() =>
        {
            start.SignalAndWait();
            body(index);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }
}
