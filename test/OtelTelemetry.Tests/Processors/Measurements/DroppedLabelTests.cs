using System.Diagnostics.Metrics;
using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Processors.Measurements;

namespace OtelTelemetry.Tests.Processors.Measurements;

/// <summary>Dropping a label of another library's instrument gives exactly the sum over it, for every reader of the provider.</summary>
public class DroppedLabelTests
{
    private static readonly string[] s_kinds = ["counter.long", "counter.double", "updown.long", "observable.counter", "observable.counter.double", "observable.updown", "histogram"];

    [Test]
    public async Task Every_reader_gets_the_sum_over_the_dropped_label([ValueSource(nameof(s_kinds))] string kind, [Values] bool byConfiguration)
    {
        await using var host = byConfiguration
            ? await RuleHost.StartAsync([("Telemetry:Metrics:Rules:0:Meter", "{meter}"), ("Telemetry:Metrics:Rules:0:DropLabels", "user")])
            : await RuleHost.StartAsync(new MeasurementRule { DropLabels = { "user" } });
        var library = new Library(host.Meter, kind);
        var random = new Random(7);

        for (var round = 1; round <= 4; round++)
        {
            // Nothing at all happens in the third round: a delta reader must see no change.
            for (var i = 0; i < (round == 3 ? 0 : 500); i++) library.Record($"user-{random.Next(40)}", random.Next(3) == 0 ? "POST" : "GET", 1 + random.Next(100));

            var sums = library.SumsByMethod();
            var values = kind == "histogram" ? library.CountsByMethod() : sums;
            Assert.That(host.Read("requests"), Is.EqualTo(values), $"read model, round {round}");
            foreach (var reader in new[] { host.Cumulative, host.Delta })
            {
                var read = reader.Read(host.MeterName, "requests");
                Assert.That(read.Where(entry => !entry.Key.Contains('#')), Is.EquivalentTo(values), $"round {round}");
                if (kind == "histogram") Assert.That(read["method=GET#sum"], Is.EqualTo(sums["method=GET"]), $"round {round}");
            }
        }
    }

    [Test]
    public async Task Buckets_of_a_histogram_are_added_one_by_one()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { DropLabels = { "user" } });
        var histogram = host.Meter.CreateHistogram("seconds", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 10] });
        foreach (var (user, value) in new[] { ("a", 0.5), ("b", 0.7), ("a", 5), ("c", 50), ("b", 1) }) histogram.Record(value, new("user", user), new("method", "GET"));

        var sample = host.Find("seconds")!.Samples.Single();

        Assert.That(sample.Histogram!.Bounds, Is.EqualTo(new[] { 1.0, 10.0 }), "The library's own buckets stay.");
        Assert.That(sample.Histogram.BucketCounts, Is.EqualTo(new[] { 3L, 1L, 1L }));
        Assert.That(sample.Histogram.Sum, Is.EqualTo(57.2).Within(1e-12));
        Assert.That(host.Delta.Read(host.MeterName, "seconds")["method=GET#0"], Is.EqualTo(3));
    }

    [Test]
    public void For_random_series_and_random_drops_the_result_is_the_naive_sum() => Prop.ForAll(
        (from kind in Gen.Elements(s_kinds)
         from dropped in Gen.Elements<string[]>([], ["user"], ["method"], ["user", "method"], ["absent"])
         from seed in Gen.Choose(0, 100_000)
         select (kind, dropped, seed)).ToArbitrary(),
        input =>
        {
            // Not only dropped: a map that keeps every value sends it through a relay, where a view would do.
            var rule = new MeasurementRule { MapLabels = { ["none"] = new Dictionary<string, string> { ["*"] = "x" } } };
            foreach (var label in input.dropped) rule.DropLabels.Add(label);
            CheckRandom(rule, input.kind, input.dropped, input.seed).GetAwaiter().GetResult();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Test]
    public async Task Garbage_collections_by_generation_add_up_to_their_sum()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { Meter = "System.Runtime", Instrument = "dotnet.gc.collections", DropLabels = { "gc.heap.generation" } });
        GC.Collect(0);
        GC.Collect(1);
        GC.Collect(2);

        // What the instrument itself says, before and after: collections may happen in between.
        var before = Unfiltered();
        using var collection = host.ReadModel.Collect();
        var read = OtelTelemetry.Reading.MetricFamilyMaterializer.Materialize(collection.Families.Single(family => family.Descriptor.Name == "dotnet.gc.collections"));
        var cumulative = host.Cumulative.Read("System.Runtime", "dotnet.gc.collections");
        var after = Unfiltered();

        Assert.That(read.Samples, Has.Count.EqualTo(1));
        Assert.That(read.Samples[0].Labels, Is.Empty);
        Assert.That(read.Samples[0].Value, Is.InRange(before, after));
        Assert.That(before, Is.GreaterThanOrEqualTo(3));
        Assert.That(cumulative.Keys, Is.EqualTo(new[] { "" }));
        Assert.That(cumulative[""], Is.InRange(before, after));

        static double Unfiltered()
        {
            var sum = 0L;
            using var listener = new MeterListener();
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument is { Name: "dotnet.gc.collections", Meter: { Name: "System.Runtime", Scope: null } }) self.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            {
                Assert.That(tags.Length, Is.EqualTo(1));
                sum += value;
            });
            listener.Start();
            listener.RecordObservableInstruments();
            return sum;
        }
    }

    [Test]
    public async Task A_counter_s_series_that_is_not_observed_any_more_stays_in_the_sum()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { DropLabels = { "queue" } });
        List<Measurement<long>> observed = [new(5, new KeyValuePair<string, object?>("queue", "a")), new(7, new KeyValuePair<string, object?>("queue", "b"))];
        host.Meter.CreateObservableCounter("taken", () => observed.ToArray());
        host.Meter.CreateObservableUpDownCounter("waiting", () => observed.ToArray());
        Assert.That(host.Read("taken"), Is.EqualTo(new Dictionary<string, double> { [""] = 12 }));
        Assert.That(host.Delta.Read(host.MeterName, "taken")[""], Is.EqualTo(12));

        observed.RemoveAt(0);
        observed[0] = new(9, new KeyValuePair<string, object?>("queue", "b"));

        Assert.That(host.Read("taken")[""], Is.EqualTo(14));
        Assert.That(host.Delta.Read(host.MeterName, "taken")[""], Is.EqualTo(14));
        Assert.That(host.Read("waiting")[""], Is.EqualTo(9), "What waits in a queue that is gone waits no more.");
    }

    [TestCase(null, 9)]
    [TestCase(GaugeMerge.Maximum, 9)]
    [TestCase(GaugeMerge.Minimum, 1)]
    [TestCase(GaugeMerge.Sum, 15)]
    [TestCase(GaugeMerge.Average, 5)]
    [TestCase(GaugeMerge.Last, 5)]
    public async Task Gauges_are_put_together_as_the_rule_says(GaugeMerge? how, double expected)
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { DropLabels = { "room" }, GaugeMerge = how });
        var recorded = host.Meter.CreateGauge<long>("recorded");
        (string Room, long Value)[] values = [("a", 1), ("b", 9), ("c", 5)];
        host.Meter.CreateObservableGauge("observed", () => values.Select(value => new Measurement<double>(value.Value, new KeyValuePair<string, object?>("room", value.Room))));
        recorded.Record(3, new KeyValuePair<string, object?>("room", "a"));
        foreach (var (room, value) in values) recorded.Record(value, new KeyValuePair<string, object?>("room", room));

        Assert.That(host.Read("recorded"), Is.EqualTo(new Dictionary<string, double> { [""] = expected }));
        Assert.That(host.Read("observed"), Is.EqualTo(new Dictionary<string, double> { [""] = expected }));
        Assert.That(host.Delta.Read(host.MeterName, "recorded")[""], Is.EqualTo(expected));
        Assert.That(host.Cumulative.Read(host.MeterName, "observed")[""], Is.EqualTo(expected));
    }

    [Test]
    public async Task Two_meters_of_one_name_are_one_metric_as_they_are_to_the_SDK()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { DropLabels = { "user" }, AddLabels = { ["site"] = "x" } });
        using var second = new Meter(host.MeterName, "1.0");
        host.Meter.CreateCounter<long>("requests").Add(2, new KeyValuePair<string, object?>("user", "a"));
        second.CreateCounter<long>("requests").Add(3, new KeyValuePair<string, object?>("user", "b"));
        host.Meter.CreateObservableCounter("observed", () => new Measurement<long>(2, new KeyValuePair<string, object?>("user", "a")));
        second.CreateObservableCounter("observed", () => new Measurement<long>(3, new KeyValuePair<string, object?>("user", "b")));

        Assert.That(host.Read("requests")["site=x"], Is.EqualTo(5));
        Assert.That(host.Read("observed")["site=x"], Is.EqualTo(5));
        Assert.That(host.Cumulative.Read(host.MeterName, "requests")["site=x"], Is.EqualTo(5));
    }

    private static async Task CheckRandom(MeasurementRule rule, string kind, string[] dropped, int seed)
    {
        await using var host = await RuleHost.StartAsync(rule);
        var library = new Library(host.Meter, kind);
        var random = new Random(seed);
        for (var round = 0; round < 2; round++)
        {
            for (var i = random.Next(60); i >= 0; i--) library.Record($"u{random.Next(6)}", $"m{random.Next(3)}", random.Next(1000));
            var expected = library.SumsWithout(dropped);
            var cumulative = host.Cumulative.Read(host.MeterName, "requests");
            var delta = host.Delta.Read(host.MeterName, "requests");
            foreach (var (labels, sum) in expected)
            {
                var key = kind == "histogram" ? labels + "#sum" : labels;
                Assert.That(cumulative[key], Is.EqualTo(sum), labels);
                Assert.That(delta[key], Is.EqualTo(sum), labels);
            }

            Assert.That(cumulative.Keys.Count(key => !key.Contains('#')), Is.EqualTo(expected.Count));
            Assert.That(host.Find("requests")!.Samples, Has.Count.EqualTo(expected.Count));
        }
    }

    /// <summary>A library with one instrument of two labels, and what it measured, unfiltered.</summary>
    private sealed class Library
    {
        private readonly Dictionary<(string User, string Method), (double Sum, int Count)> _unfiltered = [];
        private readonly Action<double, KeyValuePair<string, object?>, KeyValuePair<string, object?>> _record = (_, _, _) => { };

        public Library(Meter meter, string kind)
        {
            switch (kind)
            {
                case "counter.long":
                    var counter = meter.CreateCounter<long>("requests");
                    _record = (value, user, method) => counter.Add((long)value, user, method);
                    break;
                case "counter.double":
                    var fractions = meter.CreateCounter<double>("requests");
                    _record = (value, user, method) => fractions.Add(value, user, method);
                    break;
                case "updown.long":
                    var updown = meter.CreateUpDownCounter<int>("requests");
                    _record = (value, user, method) => updown.Add((int)value, user, method);
                    break;
                case "histogram":
                    var histogram = meter.CreateHistogram<double>("requests");
                    _record = (value, user, method) => histogram.Record(value, user, method);
                    break;
                case "observable.counter":
                    meter.CreateObservableCounter("requests", () => Observe(value => (long)value));
                    break;
                case "observable.counter.double":
                    meter.CreateObservableCounter("requests", () => Observe(value => value));
                    break;
                default:
                    meter.CreateObservableUpDownCounter("requests", () => Observe(value => (int)value));
                    break;
            }
        }

        public void Record(string user, string method, double value)
        {
            var (sum, count) = _unfiltered.GetValueOrDefault((user, method));
            _unfiltered[(user, method)] = (sum + value, count + 1);
            _record(value, new("user", user), new("method", method));
        }

        public Dictionary<string, double> SumsByMethod() =>
            _unfiltered.GroupBy(entry => entry.Key.Method).ToDictionary(group => $"method={group.Key}", group => group.Sum(entry => entry.Value.Sum));

        public Dictionary<string, double> CountsByMethod() =>
            _unfiltered.GroupBy(entry => entry.Key.Method).ToDictionary(group => $"method={group.Key}", group => (double)group.Sum(entry => entry.Value.Count));

        public Dictionary<string, double> SumsWithout(string[] dropped) =>
            _unfiltered.GroupBy(entry => RuleHost.Text(new Dictionary<string, string> { ["user"] = entry.Key.User, ["method"] = entry.Key.Method }.Where(label => !dropped.Contains(label.Key))))
                .ToDictionary(group => group.Key, group => group.Sum(entry => entry.Value.Sum));

        private Measurement<T>[] Observe<T>(Func<double, T> number)
            where T : struct =>
            [.. _unfiltered.Select(entry => new Measurement<T>(number(entry.Value.Sum), new KeyValuePair<string, object?>("user", entry.Key.User), new("method", entry.Key.Method)))];
    }
}
