using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tests.Metrics;

public class IdleExpiryTests : MetricsTestBase
{
    private static readonly TimeSpan s_expiry = TimeSpan.FromMinutes(10);

    [Test]
    public void An_idle_series_disappears_and_a_busy_one_stays()
    {
        var counter = Metrics.CreateCounter(new CounterOptions("c") { LabelNames = ["a"], IdleExpiry = s_expiry });
        counter.Inc("idle");
        counter.Inc("busy");
        PassTime(() => counter.Inc("busy"));
        Assert.That(Labels("c"), Is.EqualTo(new[] { "busy" }));
        Assert.That(counter.SeriesCount, Is.EqualTo(1));
    }

    [Test]
    public void Without_the_setting_nothing_expires()
    {
        var counter = Metrics.CreateCounter("c", "", "a");
        counter.Inc("idle");
        PassTime(() => { });
        Assert.That(Labels("c"), Is.EqualTo(new[] { "idle" }));
    }

    [Test]
    public void A_kept_handle_of_an_expired_counter_goes_on_in_a_new_series()
    {
        var counter = Metrics.CreateCounter(new CounterOptions("c") { LabelNames = ["a"], IdleExpiry = s_expiry });
        var handle = counter.With("x");
        handle.Inc(5);
        PassTime(() => { });
        Assert.That(Labels("c"), Is.Empty);
        handle.Inc();
        handle.Inc(0.5);
        Assert.That(counter.Get("x"), Is.EqualTo(1.5));
        Assert.That(handle.Value, Is.EqualTo(1.5));
        Assert.That(counter.With("x"), Is.Not.SameAs(handle));
    }

    [Test]
    public void Kept_handles_of_other_kinds_go_on_too()
    {
        var gauge = Metrics.CreateGauge(new GaugeOptions("g") { LabelNames = ["a"], IdleExpiry = s_expiry });
        var histogram = Metrics.CreateHistogram(new HistogramOptions("h") { LabelNames = ["a"], IdleExpiry = s_expiry });
        var summary = Metrics.CreateSummary(new SummaryOptions("s") { LabelNames = ["a"], IdleExpiry = s_expiry });
        var (g, h, s) = (gauge.With("x"), histogram.With("x"), summary.With("x"));
        g.Set(1);
        h.Observe(1);
        s.Observe(1);
        PassTime(() => { });
        Assert.That(new[] { gauge.SeriesCount, histogram.SeriesCount, summary.SeriesCount }, Is.All.Zero);
        g.Set(2);
        h.Observe(2);
        s.Observe(2);
        Assert.That(gauge.Get("x"), Is.EqualTo(2));
        Assert.That(histogram.Get("x")!.Sum, Is.EqualTo(2));
        Assert.That(summary.Get("x")!.Sum, Is.EqualTo(2));
    }

    [Test]
    public void Counters_and_histograms_that_were_contended_expire_too()
    {
        var counter = Metrics.CreateCounter(new CounterOptions("c") { LabelNames = ["a"], IdleExpiry = s_expiry });
        var histogram = Metrics.CreateHistogram(new HistogramOptions("h") { LabelNames = ["a"], IdleExpiry = s_expiry });
        Parallel.For(0, 200_000, _ =>
        {
            counter.Inc("x");
            histogram.Observe(1, "x");
        });
        counter.Inc(0.5, "x");
        PassTime(() => { });
        Assert.That(new[] { counter.SeriesCount, histogram.SeriesCount }, Is.All.Zero);
        counter.Inc("x");
        histogram.Observe(1, "x");
        Assert.That(counter.Get("x"), Is.EqualTo(1));
        Assert.That(histogram.Get("x")!.Count, Is.EqualTo(1));
    }

    [Test]
    public void A_full_metric_makes_room()
    {
        var counter = Metrics.CreateCounter(new CounterOptions("c") { LabelNames = ["a"], IdleExpiry = s_expiry, MaxSeries = 2 });
        counter.Inc("1");
        counter.Inc("2");
        PassTime(() => { });
        counter.Inc("3");
        Assert.That(Labels("c"), Is.EqualTo(new[] { "3" }));
        Assert.That(counter.OverflowedLookups, Is.Zero);
    }

    [Test]
    public void No_increment_is_lost_while_series_end()
    {
        var counter = Metrics.CreateCounter("c", "", "a");
        var handle = counter.With("x");
        var ended = 0.0;
        var written = WriteWhile(handle.Inc, () =>
        {
            var series = (BoundCounter)counter.Resolve("x");
            var mark = series.ActivityMark();
            if (!series.TryRetire(mark)) return;
            // What came in later than the mark has gone to the next series.
            ended += BitConverter.Int64BitsToDouble(mark);
            counter.Table.Remove([series]);
        });
        Assert.That(ended + counter.Get("x"), Is.EqualTo(written));
        Assert.That(ended, Is.Positive);
    }

    [Test]
    public void No_observation_is_lost_while_series_end()
    {
        var histogram = Metrics.CreateHistogram("h", "", "a");
        var handle = histogram.With("x");
        var ended = 0L;
        var endings = 0;
        var written = WriteWhile(() => handle.Observe(1), () =>
        {
            var series = (BoundHistogram)histogram.Resolve("x");
            var mark = series.ActivityMark();
            if (!series.TryRetire(mark)) return;
            endings++;
            // With something newer than the mark, all of its content has gone on to the next series.
            if (series.Count == mark) ended += mark;
            histogram.Table.Remove([series]);
        });
        Assert.That(ended + (histogram.Get("x")?.Count ?? 0), Is.EqualTo(written));
        Assert.That(endings, Is.Positive);
    }

    /// <summary>Writes on two threads while series are ended again and again.</summary>
    private static long WriteWhile(Action write, Action end)
    {
        using var stop = new CancellationTokenSource();
        using var begun = new CountdownEvent(2);
        var writers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var written = 0L;
            while (!stop.IsCancellationRequested)
            {
                write();
                written++;
                if (written == 1) begun.Signal();
                if (written % 100 == 0) Thread.Yield();
            }

            return written;
        })).ToArray();
        // On a busy machine all of it would be over before they begin.
        begun.Wait();
        for (var i = 0; i < 20_000; i++) end();
        stop.Cancel();
        return writers.Sum(writer => writer.Result);
    }

    private void PassTime(Action between)
    {
        for (var minute = 0; minute < 13; minute++)
        {
            between();
            Metrics.CollectAll();
            Clock.Advance(TimeSpan.FromMinutes(1));
        }

        between();
        Metrics.CollectAll();
    }

    private IEnumerable<string> Labels(string metric) => Metrics.Collect(metric)!.Samples.Select(sample => sample.Labels["a"]);
}
