using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Processors.Measurements;
using OtelTelemetry.Processors.Measurements.Labels;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Tests.Processors.Measurements;

/// <summary>What rules do to the instruments of other libraries.</summary>
public class OtherInstrumentRuleTests
{
    [Test]
    public async Task Denied_instruments_are_in_no_export_and_not_even_enabled()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { Instrument = "noise.*", Deny = true });
        var denied = host.Meter.CreateCounter<long>("Noise.ticks");
        denied.Add(1);
        host.Meter.CreateCounter<long>("signal").Add(1);

        Assert.That(denied.Enabled, Is.False);
        Assert.That(host.Names(), Is.EqualTo(new[] { "signal" }));
        Assert.That(host.Cumulative.Names(host.MeterName), Is.EqualTo(new[] { "signal" }));
    }

    [Test]
    public async Task Renamed_instruments_appear_once_under_their_new_name()
    {
        await using var host = await RuleHost.StartAsync(
            new MeasurementRule { Instrument = "old.name", Rename = "new.name" }, new MeasurementRule { Instrument = "queue.*", Rename = "legacy.*" });
        host.Meter.CreateCounter<long>("old.name").Add(3);
        host.Meter.CreateObservableGauge("queue.length", () => 4);

        Assert.That(host.Names(), Is.EquivalentTo(new[] { "new.name", "legacy.queue.length" }));
        Assert.That(host.Read("new.name")[""], Is.EqualTo(3));
        Assert.That(host.Delta.Names(host.MeterName), Is.EquivalentTo(new[] { "new.name", "legacy.queue.length" }));
    }

    [Test]
    public async Task Buckets_can_be_changed_with_and_without_a_relay([Values] bool relayed)
    {
        var rule = new MeasurementRule { Instrument = "seconds", Buckets = { 1, 2 } };
        if (relayed) rule.AddLabels["site"] = "x";
        await using var host = await RuleHost.StartAsync(rule);
        var histogram = host.Meter.CreateHistogram("seconds", advice: new InstrumentAdvice<float> { HistogramBucketBoundaries = [5, 6, 7] });
        histogram.Record(0.5f);
        histogram.Record(9);

        var sample = host.Find("seconds")!.Samples.Single();

        Assert.That(sample.Histogram!.Bounds, Is.EqualTo(new[] { 1.0, 2.0 }));
        Assert.That(sample.Histogram.BucketCounts, Is.EqualTo(new[] { 1L, 0L, 1L }));
        Assert.That(RuleHost.Text(sample.Labels), Is.EqualTo(relayed ? "site=x" : ""));
    }

    [Test]
    public async Task A_relayed_histogram_keeps_the_buckets_its_library_advised()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { AddLabels = { ["site"] = "x" } });
        host.Meter.CreateHistogram("items", advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [5, 6, 7] }).Record(6);

        Assert.That(host.Find("items")!.Samples.Single().Histogram!.Bounds, Is.EqualTo(new[] { 5.0, 6.0, 7.0 }));
    }

    [Test]
    public async Task Labels_are_kept_mapped_renamed_and_added()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule
        {
            KeepLabels = { "path", "code" },
            MapLabels = { ["path"] = new Dictionary<string, string> { ["*"] = "other", ["/api/*"] = "api", ["/api/admin/*"] = "admin", ["/api/admin/login"] = "login" } },
            RenameLabels = { ["code"] = "status" },
            AddLabels = { ["region"] = "eu", ["path"] = "is there already" },
        });
        var counter = host.Meter.CreateCounter<long>("requests");
        var observed = new Dictionary<string, long> { ["/api/a"] = 1, ["/api/b/c"] = 2, ["/api/admin/x"] = 4, ["/api/admin/login"] = 8, ["/"] = 16, ["/favicon.ico"] = 32 };
        foreach (var (path, count) in observed) counter.Add(count, new("path", path), new("code", 200), new("user", "u" + count));
        host.Meter.CreateObservableUpDownCounter("open", () => observed.Select(entry => new Measurement<long>(entry.Value, new KeyValuePair<string, object?>("code", 200), new("path", entry.Key))));

        var expected = new Dictionary<string, double>
        {
            ["path=api,region=eu,status=200"] = 3,
            ["path=admin,region=eu,status=200"] = 4,
            ["path=login,region=eu,status=200"] = 8,
            ["path=other,region=eu,status=200"] = 48,
        };
        Assert.That(host.Read("requests"), Is.EquivalentTo(expected));
        Assert.That(host.Read("open"), Is.EquivalentTo(expected));
        Assert.That(host.Cumulative.Read(host.MeterName, "requests"), Is.EquivalentTo(expected));
        Assert.That(host.Delta.Read(host.MeterName, "requests"), Is.EquivalentTo(expected));
    }

    [Test]
    public async Task Rules_that_match_one_instrument_apply_in_their_order()
    {
        await using var host = await RuleHost.StartAsync(
            new MeasurementRule { RenameLabels = { ["a"] = "b" } }, new MeasurementRule { Instrument = "req*", RenameLabels = { ["b"] = "c" }, Rename = "first.*" }, new MeasurementRule { Instrument = "requests", Rename = "second" });
        host.Meter.CreateCounter<long>("requests").Add(1, new KeyValuePair<string, object?>("a", 1));

        Assert.That(host.Read("second"), Is.EqualTo(new Dictionary<string, double> { ["c=1"] = 1 }));
    }

    [Test]
    public async Task Filtered_measurements_are_left_out_and_counted()
    {
        var name = "filtered" + Guid.NewGuid().ToString("N");
        await using var host = await RuleHost.StartAsync(new MeasurementRule { DropWhere = { ["path"] = "/health*", ["method"] = "GET" } });
        var counter = host.Meter.CreateCounter<long>(name);
        counter.Add(1, new("path", "/healthz"), new("method", "GET"));
        counter.Add(10, new("path", "/health"), new("method", "GET"));
        counter.Add(100, new("path", "/health"), new("method", "POST"));
        counter.Add(1000, new KeyValuePair<string, object?>("path", "/health"));
        counter.Add(10_000, new KeyValuePair<string, object?>("path", "/orders"));

        Assert.That(host.Read(name).Values.Sum(), Is.EqualTo(11_100));
        Assert.That(TelemetryLosses.Counted("metrics", name, "filtered_by_rule"), Is.EqualTo(2));
    }

    [Test]
    public async Task What_no_rule_matches_is_as_without_rules()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { Instrument = "other", DropLabels = { "user" }, AddLabels = { ["x"] = "y" } });
        host.Meter.CreateCounter<long>("requests").Add(2, new KeyValuePair<string, object?>("user", "a"));

        Assert.That(host.Read("requests"), Is.EqualTo(new Dictionary<string, double> { ["user=a"] = 2 }));
        Assert.That(host.Processing.RelayCount, Is.Zero);
    }

    [Test]
    public async Task A_meter_that_went_away_is_released_and_its_last_measurements_are_read_first()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { Meter = "rules*", MapLabels = { ["user"] = new Dictionary<string, string> { ["*"] = "anyone" } } });
        var meter = new Meter(host.MeterName);
        var counter = meter.CreateCounter<long>("requests");
        meter.CreateHistogram<double>("seconds").Record(1, new KeyValuePair<string, object?>("user", "a"));
        meter.CreateObservableCounter("observed", () => new Measurement<long>(1, new KeyValuePair<string, object?>("user", "a")));
        Assert.That(host.Processing.RelayCount, Is.EqualTo(3));
        counter.Add(5, new KeyValuePair<string, object?>("user", "a"));

        meter.Dispose();

        Assert.That(host.Delta.Read(host.MeterName, "requests"), Is.EqualTo(new Dictionary<string, double> { ["user=anyone"] = 5 }));
        Assert.That(host.Read("requests"), Is.EqualTo(new Dictionary<string, double> { ["user=anyone"] = 5 }));
        Assert.That(SpinWait.SpinUntil(() => host.Processing.RelayCount == 0, TimeSpan.FromSeconds(20)), Is.True);
        Assert.That(host.Names(), Is.Empty);
    }

    [Test]
    public async Task A_meter_that_comes_back_before_it_was_read_goes_on()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { AddLabels = { ["site"] = "x" } });
        for (var i = 0; i < 3; i++)
        {
            using var meter = new Meter(host.MeterName);
            meter.CreateCounter<long>("requests").Add(2);
        }

        Assert.That(host.Read("requests")["site=x"], Is.EqualTo(6));
    }

    [Test]
    public async Task The_relay_ends_with_the_host()
    {
        var host = await RuleHost.StartAsync(new MeasurementRule { AddLabels = { ["site"] = "x" } });
        var counter = host.Meter.CreateCounter<long>("requests");
        Assert.That(counter.Enabled, Is.True);

        await host.StopAsync();
        await host.DisposeAsync();

        Assert.That(counter.Enabled, Is.False);
        Assert.That(host.Processing.RelayCount, Is.Zero);
    }

    [Test]
    public async Task Two_applications_in_one_process_do_not_see_each_other_s_results()
    {
        await using var first = await RuleHost.StartAsync(new MeasurementRule { AddLabels = { ["site"] = "one" } });
        await using var second = await RuleHost.StartAsync(
            [("Telemetry:Metrics:Meters:1", first.MeterName), ("Telemetry:Metrics:Rules:0:AddLabels:site", "two")]);
        first.Meter.CreateCounter<long>("requests").Add(1);

        Assert.That(first.Read("requests"), Is.EqualTo(new Dictionary<string, double> { ["site=one"] = 1 }));
        using var collection = second.ReadModel.Collect();
        var seen = MetricFamilyMaterializer.Materialize(collection.Families.Single(family => family.Descriptor.Scope.Name == first.MeterName));
        Assert.That(RuleHost.Text(seen.Samples.Single().Labels), Is.EqualTo("site=two"));
    }

    [Test]
    public async Task Past_the_cap_of_series_everything_is_in_the_overflow_series([Values("counter", "observable", "histogram")] string kind)
    {
        await using var host = await RuleHost.StartAsync([("Telemetry:Metrics:MaxSeriesPerMetric", "10"), ("Telemetry:Metrics:Rules:0:AddLabels:site", "x")]);
        var tags = Enumerable.Range(0, 100).Select(i => new KeyValuePair<string, object?>("i", i)).ToArray();
        if (kind == "observable") host.Meter.CreateObservableCounter("wide", () => tags.Select(tag => new Measurement<long>(1, tag)));
        else if (kind == "counter") Array.ForEach(tags, tag => host.Meter.CreateCounter<long>("wide").Add(1, tag));
        else Array.ForEach(tags, tag => host.Meter.CreateHistogram<double>("wide").Record(1, tag));

        var read = host.Read("wide");

        Assert.That(read, Has.Count.EqualTo(11));
        Assert.That(read["otel.metric.overflow=true"], Is.EqualTo(90));
        Assert.That(host.Cumulative.Read(host.MeterName, "wide")["otel.metric.overflow=True"], Is.EqualTo(90));
    }

    [Test]
    public async Task A_relayed_record_allocates_nothing_in_steady_state([Values("counter", "histogram", "gauge")] string kind)
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { MapLabels = { ["route"] = new Dictionary<string, string> { ["/api/*"] = "api" } } });
        var record = Recorder(host.Meter, kind);
        KeyValuePair<string, object?> method = new("method", "GET"), status = new("status", 200);
        var routes = Enumerable.Range(0, 50).Select(i => new KeyValuePair<string, object?>("route", "/api/" + i)).ToArray();

        // The steady state begins when the runtime has compiled the path for good, which on a busy machine takes a while.
        Assert.That(SpinWait.SpinUntil(() => Allocated() == 0, TimeSpan.FromSeconds(30)), Is.True);

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 2000; i++) record(i, method, routes[i % 50], status);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Test]
    public async Task Endless_new_values_of_a_mapped_label_cost_no_memory_and_no_count()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { MapLabels = { ["route"] = new Dictionary<string, string> { ["*"] = "all" } } });
        var counter = host.Meter.CreateCounter<long>("requests");
        const int Values = (5 * TagCache<object>.MostInGeneration) + 7;
        for (var i = 0; i < Values; i++) counter.Add(1, new KeyValuePair<string, object?>("route", "/" + i));

        Assert.That(host.Read("requests"), Is.EqualTo(new Dictionary<string, double> { ["route=all"] = Values }));
    }

    [Test]
    public void What_is_remembered_of_tags_is_bounded_and_what_is_in_use_stays()
    {
        var made = 0;
        var cache = new TagCache<object>(_ => made++);
        for (var i = 0; i < 20_000; i++)
        {
            cache.Find([new("i", i)]);
            cache.Find([new("i", "used")]);
        }

        Assert.That(cache.Count, Is.LessThanOrEqualTo(2 * TagCache<object>.MostInGeneration));
        Assert.That(made, Is.EqualTo(20_001));
    }

    [Test]
    public async Task Counts_are_exact_under_concurrency()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { MapLabels = { ["user"] = new Dictionary<string, string> { ["*"] = "anyone" } } });
        var whole = host.Meter.CreateCounter<long>("whole");
        var parts = host.Meter.CreateUpDownCounter<double>("parts");
        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                whole.Add(1, new KeyValuePair<string, object?>("user", i % 100));
                parts.Add(i % 2 == 0 ? 1.5 : -0.5, new KeyValuePair<string, object?>("user", thread));
            }
        });

        Assert.That(host.Read("whole")["user=anyone"], Is.EqualTo(160_000));
        Assert.That(host.Read("parts")["user=anyone"], Is.EqualTo(80_000));
    }

    [Test]
    public async Task A_tag_or_a_callback_that_throws_harms_nobody_and_is_counted()
    {
        var name = "throwing" + Guid.NewGuid().ToString("N");
        await using var host = await RuleHost.StartAsync(new MeasurementRule { AddLabels = { ["site"] = "x" } });
        var counter = host.Meter.CreateCounter<long>(name);
        host.Meter.CreateObservableCounter(name + ".observed", Fail);

        Assert.That(() => counter.Add(1, new KeyValuePair<string, object?>("bad", new Throwing())), Throws.Nothing);
        counter.Add(2);

        Assert.That(host.Read(name)["site=x"], Is.EqualTo(2));
        Assert.That(TelemetryLosses.Counted("metrics", name, "rule_failed"), Is.EqualTo(1));
        Assert.That(TelemetryLosses.Counted("metrics", name + ".observed", "observation_failed"), Is.GreaterThanOrEqualTo(1));

        static long Fail() => throw new InvalidOperationException("no");
    }

    [Test]
    public async Task A_number_that_is_none_poisons_no_sum()
    {
        var name = "nan" + Guid.NewGuid().ToString("N");
        await using var host = await RuleHost.StartAsync(new MeasurementRule { AddLabels = { ["site"] = "x" } });
        var counter = host.Meter.CreateCounter<double>(name);
        counter.Add(double.NaN);
        counter.Add(double.PositiveInfinity);
        counter.Add(2);

        Assert.That(host.Read(name)["site=x"], Is.EqualTo(2));
        Assert.That(TelemetryLosses.Counted("metrics", name, "not_a_number"), Is.EqualTo(1));
        Assert.That(TelemetryLosses.Counted("metrics", name, "infinite"), Is.EqualTo(1));
    }

    [Test]
    public async Task Instruments_made_before_the_start_are_caught_too()
    {
        var name = "early" + Guid.NewGuid().ToString("N");
        using var meter = new Meter(name);
        var counter = meter.CreateCounter<long>("requests");
        await using var host = await RuleHost.StartAsync([("Telemetry:Metrics:Meters:1", name)], builder => builder.AddMeasurementRule(new MeasurementRule { AddLabels = { ["site"] = "x" } }));
        counter.Add(1, new KeyValuePair<string, object?>("user", "a"));

        using var collection = host.ReadModel.Collect();
        var family = MetricFamilyMaterializer.Materialize(collection.Families.Single(family => family.Descriptor.Scope.Name == name));
        Assert.That(RuleHost.Text(family.Samples.Single().Labels), Is.EqualTo("site=x,user=a"));
    }

    private static Action<int, KeyValuePair<string, object?>, KeyValuePair<string, object?>, KeyValuePair<string, object?>> Recorder(Meter meter, string kind)
    {
        if (kind == "counter")
        {
            var counter = meter.CreateCounter<long>("any");
            return (value, a, b, c) => counter.Add(value, a, b, c);
        }

        if (kind == "gauge")
        {
            var gauge = meter.CreateGauge<double>("any");
            return (value, a, b, c) => gauge.Record(value, a, b, c);
        }

        var histogram = meter.CreateHistogram<double>("any");
        return (value, a, b, c) => histogram.Record(value, a, b, c);
    }

    private sealed class Throwing
    {
        public override int GetHashCode() => throw new InvalidOperationException("no hash");

        public override bool Equals(object? obj) => ReferenceEquals(this, obj);
    }
}
