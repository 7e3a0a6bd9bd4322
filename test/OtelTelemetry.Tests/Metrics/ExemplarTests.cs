using System.Diagnostics;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Tests.Metrics;

[NonParallelizable]
public class ExemplarTests : MetricsTestBase
{
    [Test]
    public void The_current_recorded_span_is_kept_with_the_value()
    {
        var counter = Metrics.CreateCounter("c", "", "a");
        var histogram = Metrics.CreateHistogram("h", "", [1, 2]);
        using var sampling = ExemplarSampling.Start(Clock);
        using var span = new Activity("work") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        counter.Inc(3, "x");
        histogram.Observe(1.5);
        var exemplar = Metrics.Collect("c")!.Samples.Single().Exemplars.Single();
        Assert.That(exemplar.TraceId, Is.EqualTo(span.TraceId));
        Assert.That(exemplar.SpanId, Is.EqualTo(span.SpanId));
        Assert.That(exemplar.Value, Is.EqualTo(3));
        Assert.That(exemplar.Timestamp, Is.EqualTo(Clock.GetUtcNow()));
        var buckets = Metrics.Collect("h")!.Samples.Single().Histogram!.Exemplars;
        Assert.That(buckets.Select(bucket => bucket?.Value), Is.EqualTo(new double?[] { null, 1.5, null }));
    }

    [Test]
    public void A_span_that_is_not_recorded_is_no_example()
    {
        var counter = Metrics.CreateCounter("c");
        using var sampling = ExemplarSampling.Start(Clock);
        using var span = new Activity("work").Start();
        counter.Inc();
        Assert.That(Metrics.Collect("c")!.Samples.Single().Exemplars, Is.Empty);
    }

    [Test]
    public void Each_tick_brings_a_new_one()
    {
        var counter = Metrics.CreateCounter("c");
        using var sampling = ExemplarSampling.Start(Clock);
        using var span = new Activity("work") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        counter.Inc(1);
        counter.Inc(2);
        Assert.That(Exemplar(), Is.EqualTo(1));
        Clock.Advance(TimeSpan.FromMilliseconds(100));
        counter.Inc(3);
        Assert.That(Exemplar(), Is.EqualTo(3));

        double Exemplar() => Metrics.Collect("c")!.Samples.Single().Exemplars.Single().Value;
    }

    [Test]
    public void No_time_passes_while_nothing_is_recorded_and_the_next_record_is_kept()
    {
        var counter = Metrics.CreateCounter("c");
        var histogram = Metrics.CreateHistogram("h", "", [1, 2]);
        using var sampling = ExemplarSampling.Start(Clock);
        using var span = new Activity("work") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        var first = ExemplarSampling.Tick;
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.That(ExemplarSampling.Tick, Is.EqualTo(first), "nothing was recorded");

        counter.Inc(1);
        histogram.Observe(1.5);
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.That(ExemplarSampling.Tick, Is.EqualTo(first + 1));

        counter.Inc(2);
        histogram.Observe(1.7);
        Assert.That(Metrics.Collect("c")!.Samples.Single().Exemplars.Single().Value, Is.EqualTo(2));
        Assert.That(Metrics.Collect("h")!.Samples.Single().Histogram!.Exemplars[1]!.Value, Is.EqualTo(1.7));
    }

    [Test]
    public void When_an_exporter_starts_again_the_first_record_is_kept()
    {
        var counter = Metrics.CreateCounter("c");
        using var span = new Activity("work") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        using (ExemplarSampling.Start(Clock)) counter.Inc(1);
        using (ExemplarSampling.Start(Clock)) counter.Inc(2);
        Assert.That(Metrics.Collect("c")!.Samples.Single().Exemplars.Single().Value, Is.EqualTo(2));
    }

    [Test]
    public void Without_an_exporter_that_wants_them_there_are_none()
    {
        var counter = Metrics.CreateCounter("c");
        ExemplarSampling.Start(Clock).Dispose();
        Assert.That(ExemplarSampling.Tick, Is.Zero);
        using var span = new Activity("work") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        counter.Inc();
        Assert.That(Metrics.Collect("c")!.Samples.Single().Exemplars, Is.Empty);
    }
}
