using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Metrics;
using OtelTelemetry.Metrics.Typed;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Generators;

public partial class TypedLabelsTests
{
    private readonly FakeClock _clock = new();
    private MetricsCollector _metrics = null!;

    [MetricLabels]
    internal readonly partial record struct OrderLabels(string? Region, OrderKind Kind, [MetricLabel("express")] bool IsExpress, byte Floor, ulong HTTPCode);

    [MetricLabels]
    internal partial record struct OneLabel
    {
        public required string Name { get; set; }

        public readonly int Computed => Name.Length;
    }

    [MetricLabels]
    internal readonly partial record struct Number(long Value);

    [SetUp]
    public void MakeMetrics() => _metrics = new MetricsCollector(new MetricsCollectorOptions
    {
        Registry = new MetricsRegistry(), TimeProvider = _clock, MaxSeriesPerMetric = 100, IdleSeriesExpiry = TimeSpan.FromMinutes(10),
    });

    [TearDown]
    public void EndMetrics() => _metrics.Dispose();

    [Test]
    public void Labels_are_named_and_written_by_the_generated_code()
    {
        var orders = _metrics.CreateCounter<OrderLabels>("orders_total", "Orders.");
        orders.Inc(new("eu", OrderKind.ExpressParcel, IsExpress: true, 2, ulong.MaxValue));
        orders.Inc(new("eu", OrderKind.ExpressParcel, IsExpress: true, 2, ulong.MaxValue), 2.5);
        orders.Inc(new(null, (OrderKind)9, IsExpress: false, 0, 1));

        Assert.That(orders.Untyped.LabelNames, Is.EqualTo(new[] { "region", "kind", "express", "floor", "http_code" }));
        Assert.That(orders.Untyped.Get("eu", "express_parcel", "true", "2", "18446744073709551615"), Is.EqualTo(3.5));
        Assert.That(orders.Untyped.Get("", "9", "false", "0", "1"), Is.EqualTo(1));
        Assert.That(orders.Get(new("eu", OrderKind.ExpressParcel, IsExpress: true, 2, ulong.MaxValue)), Is.EqualTo(3.5));
        Assert.That(orders.Get(new("us", OrderKind.Book, IsExpress: true, 2, 1)), Is.Zero);
        Assert.That(orders.Untyped.SeriesCount, Is.EqualTo(2));
    }

    [Test]
    public void Properties_that_can_be_set_are_labels()
    {
        var metric = _metrics.CreateGauge<OneLabel>("one");
        metric.Set(new() { Name = "a" }, 4);
        metric.Inc(new() { Name = "a" });
        metric.Dec(new() { Name = "a" }, 2);

        Assert.That(metric.Untyped.LabelNames, Is.EqualTo(new[] { "name" }));
        Assert.That(metric.Get(new() { Name = "a" }), Is.EqualTo(3));
    }

    [Test]
    public void Histograms_and_summaries_have_them_too()
    {
        var seconds = _metrics.CreateHistogram<Number>(new HistogramOptions("seconds") { Buckets = [1] });
        var sizes = _metrics.CreateSummary<Number>("sizes");
        seconds.Observe(new(1), 0.5);
        using (seconds.Time(new(1)))
        {
        }

        sizes.Observe(new(2), 7);

        Assert.That(seconds.Get(new(1))?.Count, Is.EqualTo(2));
        Assert.That(sizes.Get(new(2))?.Sum, Is.EqualTo(7));
        Assert.That(sizes.Get(new(3)), Is.Null);
    }

    [Test]
    public void The_cap_holds_and_what_overflows_is_counted()
    {
        var metric = _metrics.CreateCounter<Number>("numbers_total");
        for (var i = 0; i < 300; i++) metric.Inc(new(i));
        for (var i = 0; i < 300; i++) metric.Inc(new(i));

        Assert.That(metric.Untyped.SeriesCount, Is.EqualTo(100));
        Assert.That(metric.Untyped.OverflowedLookups, Is.EqualTo(400));
        Assert.That(metric.Get(new(99)), Is.EqualTo(2));
        Assert.That(metric.Get(new(100)), Is.Zero);
        Assert.That(metric.Untyped.OverflowSeries, Is.InstanceOf<BoundCounter>().With.Property(nameof(BoundCounter.Value)).EqualTo(400));
    }

    [Test]
    public void A_series_that_expired_begins_anew()
    {
        var metric = _metrics.CreateCounter<Number>("numbers_total");
        metric.Inc(new(1));
        _metrics.CollectAll();
        _clock.Advance(TimeSpan.FromMinutes(11));
        _metrics.CollectAll();
        Assert.That(metric.Untyped.SeriesCount, Is.Zero);

        metric.Inc(new(1));
        metric.Inc(new(1));

        Assert.That(metric.Untyped.SeriesCount, Is.EqualTo(1));
        Assert.That(metric.Get(new(1)), Is.EqualTo(2));
    }

    [Test]
    public void It_is_exact_on_many_threads()
    {
        var metric = _metrics.CreateCounter<Number>("numbers_total");
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 20_000; i++) metric.Inc(new(i % 90));
        });

        Assert.That(Enumerable.Range(0, 90).Sum(i => metric.Get(new(i))), Is.EqualTo(160_000));
        Assert.That(metric.Untyped.SeriesCount, Is.EqualTo(90));
    }

    [Test]
    public void Recording_allocates_nothing()
    {
        var orders = _metrics.CreateCounter<OrderLabels>("orders_total");
        orders.Inc(new("eu", OrderKind.Book, IsExpress: true, 2, 200));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) orders.Inc(new("eu", OrderKind.Book, IsExpress: true, 2, 200));

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Equal_labels_have_equal_hashes()
    {
        var everything = ArbMap.Default.ArbFor<(string? Region, int Kind, bool Express, byte Floor, ulong Code)>();
        Prop.ForAll(everything, values =>
        {
            var (region, kind, express, floor, code) = values;
            var one = new OrderLabels(region, (OrderKind)kind, express, floor, code);
            var other = new OrderLabels(region is null ? null : new string(region.AsSpan()), (OrderKind)kind, express, floor, code);
            var different = one with { Floor = (byte)(floor + 1) };
            return one.GetHash() == other.GetHash() && one.Same(in other) && !one.Same(in different);
        }).QuickCheckThrowOnFailure();
    }
}
