using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Reading;

[TestFixture]
public sealed class SdkMetricSourceTests
{
    private readonly FakeClock _clock = new();
    private Meter _meter = null!;

    [SetUp]
    public void MakeMeter() => _meter = new Meter(new MeterOptions("tests.sdk." + Guid.NewGuid().ToString("N")) { Version = "1.2", Tags = [new("tier", 3)] });

    [TearDown]
    public void DisposeMeter() => _meter.Dispose();

    [Test]
    public void A_source_without_a_provider_yields_nothing_and_counts_no_failure()
    {
        using var source = new SdkMetricSource();

        Assert.That(Families(source), Is.Empty);
        Assert.That(source.FailedCollections, Is.Zero);
    }

    [Test]
    public void Every_kind_of_instrument_arrives_with_its_kind_and_value()
    {
        using var source = Source();
        using var provider = Provider(source, builder => builder.AddView("exponential", new Base2ExponentialBucketHistogramConfiguration()));
        _meter.CreateCounter<long>("counter.long", "{thing}", "Counts things.").Add(3);
        _meter.CreateCounter<double>("counter.double").Add(0.5);
        _meter.CreateUpDownCounter<long>("updown.long").Add(-2);
        _meter.CreateUpDownCounter<double>("updown.double").Add(-2.5);
        _meter.CreateGauge<long>("gauge.long").Record(7);
        _meter.CreateGauge<double>("gauge.double").Record(7.5);
        _meter.CreateObservableCounter("observable.counter", () => 11L);
        _meter.CreateObservableGauge("observable.gauge", () => 1.25);
        _meter.CreateObservableUpDownCounter("observable.updown", () => -4L);
        var histogram = _meter.CreateHistogram("histogram", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] });
        histogram.Record(1);
        histogram.Record(1.5);
        histogram.Record(9);
        var exponential = _meter.CreateHistogram<double>("exponential");
        exponential.Record(0);
        exponential.Record(1.5);
        exponential.Record(300);

        var families = Families(source).ToDictionary(family => family.Descriptor.Name);

        Assert.Multiple(() =>
        {
            Assert.That(families, Has.Count.EqualTo(11));
            AssertNumber(families["counter.long"], MetricKind.Counter, 3);
            AssertNumber(families["counter.double"], MetricKind.Counter, 0.5);
            AssertNumber(families["updown.long"], MetricKind.UpDownCounter, -2);
            AssertNumber(families["updown.double"], MetricKind.UpDownCounter, -2.5);
            AssertNumber(families["gauge.long"], MetricKind.Gauge, 7);
            AssertNumber(families["gauge.double"], MetricKind.Gauge, 7.5);
            AssertNumber(families["observable.counter"], MetricKind.Counter, 11);
            AssertNumber(families["observable.gauge"], MetricKind.Gauge, 1.25);
            AssertNumber(families["observable.updown"], MetricKind.UpDownCounter, -4);
            var buckets = families["histogram"].Samples.Single().Histogram!;
            Assert.That(buckets.Bounds, Is.EqualTo(new[] { 1.0, 2.0 }));
            Assert.That(buckets.BucketCounts, Is.EqualTo(new[] { 1L, 1L, 1L }));
            Assert.That(buckets.Sum, Is.EqualTo(11.5));
            var powers = families["exponential"].Samples.Single().ExponentialHistogram!;
            Assert.That(powers.ZeroCount, Is.EqualTo(1));
            Assert.That(powers.Count, Is.EqualTo(3));
            Assert.That(powers.PositiveCounts.Sum(), Is.EqualTo(2));
            Assert.That(powers.Sum, Is.EqualTo(301.5));
            var descriptor = families["counter.long"].Descriptor;
            Assert.That((descriptor.Unit, descriptor.Help), Is.EqualTo(("{thing}", "Counts things.")));
            Assert.That((descriptor.Scope.Name, descriptor.Scope.Version), Is.EqualTo((_meter.Name, "1.2")));
            Assert.That(descriptor.Scope.Attributes, Is.EqualTo(new[] { KeyValuePair.Create("tier", "3") }));
        });
    }

    [Test]
    public void Tag_values_become_text_as_OpenTelemetry_writes_them()
    {
        using var source = Source();
        using var provider = Provider(source);
        _meter.CreateCounter<long>("tags").Add(1, new TagList
        {
            { "bool", true }, { "double", 1.5 }, { "int", -3 }, { "array", new object?[] { 1, "a\"b", true, null } }, { "null", null }, { "text", "x" },
        });

        var labels = Families(source).Single().Samples.Single().Labels;

        Assert.That(labels, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["bool"] = "true", ["double"] = "1.5", ["int"] = "-3", ["array"] = "[1,\"a\\u0022b\",true,null]", ["null"] = "", ["text"] = "x",
        }));
    }

    [Test]
    public void Instruments_that_are_ours_are_left_out()
    {
        using var source = new SdkMetricSource((meter, instrument) => meter == _meter.Name && instrument == "mine", timeProvider: _clock);
        using var provider = Provider(source);
        _meter.CreateCounter<long>("mine").Add(1);
        _meter.CreateCounter<long>("theirs").Add(1);

        for (var round = 0; round < 3; round++)
        {
            Assert.That(Families(source).Select(family => family.Descriptor.Name), Is.EqualTo(new[] { "theirs" }));
            _clock.Advance(TimeSpan.FromSeconds(2));
        }
    }

    [Test]
    public void A_lease_keeps_its_values_while_later_collections_happen()
    {
        using var source = Source();
        using var provider = Provider(source);
        var counter = _meter.CreateCounter<long>("counter");
        counter.Add(1);
        using var first = Collect(source);

        for (var i = 0; i < 10; i++)
        {
            counter.Add(1);
            _clock.Advance(TimeSpan.FromSeconds(2));
            using var later = Collect(source);
            Assert.That(ValueOf(later), Is.EqualTo(i + 2));
        }

        Assert.That(ValueOf(first), Is.EqualTo(1));
    }

    [Test]
    public void A_collection_is_shared_until_it_is_too_old()
    {
        using var source = Source();
        using var provider = Provider(source);
        var observed = 0;
        _meter.CreateObservableGauge("collections", () => ++observed);

        var first = ValueOf(source);
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        var second = ValueOf(source);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var third = ValueOf(source);

        Assert.That(new[] { first, second, third }, Is.EqualTo(new[] { 1.0, 1.0, 2.0 }));
    }

    [Test]
    public void Callers_that_come_during_a_collection_join_it()
    {
        using var source = new SdkMetricSource(sharedFor: TimeSpan.Zero, timeProvider: _clock);
        using var provider = Provider(source);
        using var entered = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var collections = 0;
        _meter.CreateObservableGauge("slow", () =>
        {
            entered.Set();
            goOn.Wait(TimeSpan.FromSeconds(20));
            return ++collections;
        });

        var scrapes = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() => ValueOf(source), TaskCreationOptions.LongRunning)).ToArray();
        Assert.That(entered.Wait(TimeSpan.FromSeconds(20)), Is.True);
        // The others arrive while the first is held inside the callback; only then may it end.
        SpinWait.SpinUntil(() => source.WaitingCallers == 4, TimeSpan.FromSeconds(20));
        goOn.Set();
        Task.WaitAll(scrapes);

        Assert.That(scrapes.Select(scrape => scrape.Result), Is.All.EqualTo(1));
    }

    [Test]
    public void A_callback_that_hangs_costs_its_timeout_once_and_the_last_collection_is_used()
    {
        using var source = new SdkMetricSource(sharedFor: TimeSpan.Zero, timeout: TimeSpan.FromMilliseconds(50), timeProvider: _clock);
        using var provider = Provider(source);
        using var release = new ManualResetEventSlim();
        using var left = new ManualResetEventSlim();
        var hang = false;
        _meter.CreateObservableGauge("value", () =>
        {
            if (!hang) return 42;
            release.Wait(TimeSpan.FromSeconds(20));
            left.Set();
            return 43;
        });
        Assert.That(ValueOf(source), Is.EqualTo(42));

        hang = true;
        var during = ValueOf(source);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var watch = Stopwatch.StartNew();
        var again = ValueOf(source);
        var waited = watch.Elapsed;
        release.Set();
        left.Wait(TimeSpan.FromSeconds(20));

        Assert.That(new[] { during, again }, Is.All.EqualTo(42));
        Assert.That(source.FailedCollections, Is.GreaterThanOrEqualTo(2));
        Assert.That(waited, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void The_providers_force_flush_still_succeeds()
    {
        using var source = Source();
        using var provider = Provider(source);
        _meter.CreateCounter<long>("counter").Add(1);

        Assert.That(provider.ForceFlush(), Is.True);
    }

    [Test]
    public void Exemplars_keep_their_trace()
    {
        using var source = Source();
        using var provider = Provider(source, builder => builder.SetExemplarFilter(ExemplarFilterType.TraceBased));
        using var activity = new Activity("test");
        activity.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        activity.Start();
        _meter.CreateCounter<long>("counter").Add(5);
        var histogram = _meter.CreateHistogram("histogram", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] });
        histogram.Record(1.5);
        activity.Stop();

        var families = Families(source).ToDictionary(family => family.Descriptor.Name);

        var counted = families["counter"].Samples.Single().Exemplars.Single();
        Assert.That((counted.TraceId, counted.SpanId, counted.Value), Is.EqualTo((activity.TraceId, activity.SpanId, 5.0)));
        var observed = families["histogram"].Samples.Single().Histogram!.Exemplars;
        Assert.That(observed.Select(exemplar => exemplar?.Value), Is.EqualTo(new double?[] { null, 1.5, null }));
    }

    [Test]
    public void Steady_collections_keep_the_series_objects_and_allocate_little()
    {
        using var source = Source();
        using var provider = Provider(source);
        var counter = _meter.CreateCounter<long>("counter");
        var histogram = _meter.CreateHistogram<double>("histogram");
        for (var i = 0; i < 1000; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("i", i));
            histogram.Record(i, new KeyValuePair<string, object?>("i", i));
        }

        for (var i = 0; i < 5; i++) CollectAfterPause(source);
        var before = SeriesOf(source);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < 10; i++) CollectAfterPause(source);
        allocated = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / 10;
        var after = SeriesOf(source);

        Assert.That(before, Has.Count.EqualTo(2000));
        Assert.That(after, Is.EqualTo(before).Using<Series>(ReferenceEquals));
        // 2000 points: anything per point would be tens of kilobytes. The thread of a collection is the rest.
        Assert.That(allocated, Is.LessThan(8_000));
    }

    [Test]
    public void The_overflow_series_passes_through()
    {
        using var source = Source();
        using var provider = Provider(source, builder => builder.AddView("counter", new MetricStreamConfiguration { CardinalityLimit = 3 }));
        var counter = _meter.CreateCounter<long>("counter");
        for (var i = 0; i < 10; i++) counter.Add(1, new KeyValuePair<string, object?>("i", i));

        var samples = Families(source).Single().Samples;

        Assert.That(samples.Sum(sample => sample.Value), Is.EqualTo(10));
        Assert.That(samples.Any(sample => sample.Labels.TryGetValue("otel.metric.overflow", out var value) && value == "true"), Is.True);
    }

    [Test]
    public void Runtime_counters_that_go_down_are_shown_as_up_down_counters()
    {
        using var source = Source();
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter("System.Runtime").AddReader(source.Reader).Build();

        var kinds = Families(source).ToDictionary(family => family.Descriptor.Name, family => family.Descriptor.Kind);

        Assert.That(kinds["dotnet.thread_pool.queue.length"], Is.EqualTo(MetricKind.UpDownCounter));
        Assert.That(kinds["dotnet.thread_pool.thread.count"], Is.EqualTo(MetricKind.UpDownCounter));
        Assert.That(kinds["dotnet.gc.collections"], Is.EqualTo(MetricKind.Counter));
    }

    [Test]
    public void Many_scrapes_at_once_never_see_a_counter_go_down()
    {
        using var source = new SdkMetricSource(sharedFor: TimeSpan.Zero);
        using var provider = Provider(source);
        var counter = _meter.CreateCounter<long>("counter");
        counter.Add(1);
        var stop = false;
        var writer = Task.Run(() =>
        {
            while (!Volatile.Read(ref stop)) counter.Add(1);
        });

        Parallel.For(0, 4, _ =>
        {
            var last = 0.0;
            for (var i = 0; i < 100; i++)
            {
                using var collection = Collect(source);
                var value = ValueOf(collection);
                if (value < last || value != ValueOf(collection)) throw new InvalidOperationException($"{last} then {value}");
                last = value;
            }
        });
        Volatile.Write(ref stop, true);
        writer.Wait();
    }

    private SdkMetricSource Source() => new(timeProvider: _clock);

    private MeterProvider Provider(SdkMetricSource source, Action<MeterProviderBuilder>? more = null)
    {
        var builder = Sdk.CreateMeterProviderBuilder().AddMeter(_meter.Name).AddReader(source.Reader);
        more?.Invoke(builder);
        return builder.Build();
    }

    private void CollectAfterPause(SdkMetricSource source)
    {
        _clock.Advance(TimeSpan.FromSeconds(2));
        using var collection = Collect(source);
    }

    private static MetricCollection Collect(SdkMetricSource source)
    {
        var collection = new MetricCollection();
        source.Collect(collection);
        return collection;
    }

    private static List<MetricFamily> Families(SdkMetricSource source)
    {
        using var collection = Collect(source);
        return [.. collection.Families.Select(MetricFamilyMaterializer.Materialize)];
    }

    private static List<Series> SeriesOf(SdkMetricSource source)
    {
        using var collection = Collect(source);
        var collector = new SeriesCollector();
        foreach (var family in collection.Families) family.Read(0, collector);
        return collector.Seen;
    }

    private static double ValueOf(SdkMetricSource source)
    {
        using var collection = Collect(source);
        return ValueOf(collection);
    }

    private static double ValueOf(MetricCollection collection) =>
        MetricFamilyMaterializer.Materialize(collection.Families.Single()).Samples.Single().Value;

    private static void AssertNumber(MetricFamily family, MetricKind kind, double value)
    {
        Assert.That(family.Descriptor.Kind, Is.EqualTo(kind), family.Descriptor.Name);
        Assert.That(family.Samples.Single().Value, Is.EqualTo(value), family.Descriptor.Name);
    }

    private sealed class SeriesCollector : MetricVisitor
    {
        public List<Series> Seen { get; } = [];

        public override bool VisitNumber(Series series, double value, MetricExemplar? exemplar) => Keep(series);

        public override bool VisitHistogram(Series series, in HistogramView histogram) => Keep(series);

        public override bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram) => Keep(series);

        public override bool VisitSummary(Series series, in SummaryView summary) => Keep(series);

        private bool Keep(Series series)
        {
            Seen.Add(series);
            return true;
        }
    }
}
