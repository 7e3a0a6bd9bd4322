using System.Diagnostics.Metrics;
using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Metrics;
using OtelTelemetry.Processors.Measurements;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Tests.Processors.Measurements;

/// <summary>What rules do to this library's own metrics: in the read model, and where a reader of the SDK wants them.</summary>
public class OwnMetricRuleTests
{
    [Test]
    public async Task Denied_and_renamed()
    {
        await using var host = await RuleHost.StartAsync(
            new MeasurementRule { Instrument = "*_secret", Deny = true }, new MeasurementRule { Instrument = "*_orders", Rename = "placed.*" });
        var secret = host.Metrics.CreateCounter("secret");
        secret.Inc(3);
        host.Metrics.CreateCounter("orders", "", "product").Inc("book");

        Assert.That(host.Names(), Is.EqualTo(new[] { "placed." + host.MeterName + "_orders" }));
        Assert.That(host.Read("placed." + host.MeterName + "_orders")["product=book"], Is.EqualTo(1));
        Assert.That(host.Cumulative.Names(host.MeterName), Is.EqualTo(new[] { "placed." + host.MeterName + "_orders" }), "The reader the application added sees the same.");
        Assert.That(secret.Get(), Is.EqualTo(3), "What is not exported can still be read where it is.");
    }

    [Test]
    public async Task A_metric_no_rule_matches_is_read_as_it_is()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { Instrument = "*_orders", DropLabels = { "x" } });
        var counter = host.Metrics.CreateCounter("other");

        using var collection = host.ReadModel.Collect();

        Assert.That(collection.Families, Has.Some.SameAs(counter));
    }

    [Test]
    public async Task A_dropped_label_of_every_kind_of_metric_gives_what_the_series_are_together()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { DropLabels = { "user" }, GaugeMerge = GaugeMerge.Sum });
        var counter = host.Metrics.CreateCounter("counter", "", "user", "method");
        var gauge = host.Metrics.CreateGauge("gauge", "", "user", "method");
        var histogram = host.Metrics.CreateHistogram("histogram", "", [1, 10], "user", "method");
        var summary = host.Metrics.CreateSummary("summary", "", "user", "method");
        var together = host.Metrics.CreateSummary("together", "", "method");
        var random = new Random(3);
        var sum = 0.0;
        for (var i = 1; i <= 3000; i++)
        {
            var user = "u" + (i % 7);
            var value = random.NextDouble() * (1 + (i % 7));
            counter.Inc(i, user, "GET");
            gauge.Set(i % 7, user, "GET");
            histogram.Observe(value, user, "GET");
            summary.Observe(value, user, "GET");
            together.Observe(value, "GET");
            sum += value;
        }

        var samples = new[] { "counter", "gauge", "histogram", "summary", "together" }.ToDictionary(name => name, name => host.Find(host.MeterName + "_" + name)!.Samples.Single());
        Assert.That(samples.Values.Select(sample => RuleHost.Text(sample.Labels)), Is.All.EqualTo("method=GET"));
        Assert.That(samples["counter"].Value, Is.EqualTo(3000 * 3001 / 2));
        Assert.That(samples["gauge"].Value, Is.EqualTo(0 + 1 + 2 + 3 + 4 + 5 + 6));
        Assert.That(samples["histogram"].Value, Is.EqualTo(3000));
        Assert.That(samples["histogram"].Histogram!.Sum, Is.EqualTo(sum).Within(1e-6));
        Assert.That(samples["histogram"].Histogram!.BucketCounts.Sum(), Is.EqualTo(3000));
        Assert.That(samples["summary"].Summary!.Values, Is.EqualTo(samples["together"].Summary!.Values), "Quantiles of all values, not of quantiles.");
        Assert.That(samples["summary"].Summary!.Count, Is.EqualTo(3000));

        foreach (var reader in new[] { host.Cumulative, host.Delta })
        {
            Assert.That(reader.Read(host.MeterName, host.MeterName + "_counter"), Is.EqualTo(new Dictionary<string, double> { ["method=GET"] = 3000 * 3001 / 2 }));
            Assert.That(reader.Read(host.MeterName, host.MeterName + "_gauge"), Is.EqualTo(new Dictionary<string, double> { ["method=GET"] = 21 }));
            Assert.That(reader.Read(host.MeterName, host.MeterName + "_histogram")["method=GET"], Is.EqualTo(3000));
        }
    }

    [Test]
    public async Task Labels_are_mapped_added_and_filtered_for_every_reader()
    {
        var name = "mapped" + Guid.NewGuid().ToString("N");
        await using var host = await RuleHost.StartAsync(new MeasurementRule
        {
            DropWhere = { ["path"] = "/health*" },
            MapLabels = { ["path"] = new Dictionary<string, string> { ["/api/*"] = "api" } },
            AddLabels = { ["region"] = "eu" },
        });
        var counter = host.Metrics.CreateCounter(name, "", "path");
        var histogram = host.Metrics.CreateHistogram(name + "_seconds", "", "path");
        foreach (var path in new[] { "/api/a", "/api/b", "/healthz", "/" })
        {
            counter.Inc(path);
            histogram.Observe(1, path);
        }

        var expected = new Dictionary<string, double> { ["path=api,region=eu"] = 2, ["path=/,region=eu"] = 1 };
        Assert.That(host.Read($"{host.MeterName}_{name}"), Is.EquivalentTo(expected));
        Assert.That(host.Read($"{host.MeterName}_{name}_seconds"), Is.EquivalentTo(expected));
        Assert.That(host.Delta.Read(host.MeterName, $"{host.MeterName}_{name}"), Is.EquivalentTo(expected));
        Assert.That(host.Delta.Read(host.MeterName, $"{host.MeterName}_{name}_seconds").Where(entry => !entry.Key.Contains('#')), Is.EquivalentTo(expected));
        Assert.That(TelemetryLosses.Counted("metrics", $"{host.MeterName}_{name}", "series_filtered_by_rule"), Is.EqualTo(1));
    }

    [Test]
    public async Task The_series_stay_the_same_objects_so_that_what_was_rendered_is_found_again()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { DropLabels = { "user" } });
        var counter = host.Metrics.CreateCounter("orders", "", "user", "method");
        for (var i = 0; i < 50; i++) counter.Inc("u" + i, "m" + (i % 5));

        var before = Seen(host);
        Assert.That(before, Has.Count.EqualTo(5));
        Assert.That(Seen(host), Is.EqualTo(before).Using<Series>(ReferenceEquals));
        using var first = host.ReadModel.Collect();
        using var second = host.ReadModel.Collect();
        Assert.That(Family(first, host).Descriptor, Is.SameAs(Family(second, host).Descriptor));
    }

    [Test]
    public async Task Reading_can_pause_and_goes_on_with_the_values_of_its_collection()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { DropLabels = { "user" } });
        var counter = host.Metrics.CreateCounter("orders", "", "user", "method");
        for (var i = 0; i < 6; i++) counter.Inc("u" + i, "m" + (i % 3));
        using var collection = host.ReadModel.Collect();
        var family = Family(collection, host);
        var visitor = new Pausing();

        for (var position = 0; position != MetricFamilyReader.Done;)
        {
            position = family.Read(position, visitor);
            counter.Inc("u0", "m2");
        }

        Assert.That(visitor.Values, Is.EqualTo(new[] { 2.0, 2.0, 2.0 }));
    }

    [Test]
    public async Task Parts_that_only_a_constant_label_kept_apart_become_one()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { DropLabels = { "region" } });
        var registry = (MetricsRegistry)host.Services.GetService(typeof(MetricsRegistry))!;
        foreach (var region in new[] { "eu", "us" })
        {
            var collector = new MetricsCollector(new MetricsCollectorOptions { Namespace = host.MeterName, Registry = registry, ConstantLabels = new Dictionary<string, string> { ["region"] = region } });
            collector.CreateCounter("orders").Inc(region == "eu" ? 3 : 4);
        }

        Assert.That(host.Read(host.MeterName + "_orders"), Is.EqualTo(new Dictionary<string, double> { [""] = 7 }));
        Assert.That(host.Cumulative.Read(host.MeterName, host.MeterName + "_orders"), Is.EqualTo(new Dictionary<string, double> { [""] = 7 }));
    }

    [Test]
    public async Task A_series_that_expires_stays_in_the_sum_it_was_part_of()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { DropLabels = { "user" } });
        var counter = host.Metrics.CreateCounter(new CounterOptions("orders") { LabelNames = ["user", "shop"], IdleExpiry = TimeSpan.FromMinutes(1) });
        var histogram = host.Metrics.CreateHistogram(new HistogramOptions("euros") { LabelNames = ["user", "shop"], IdleExpiry = TimeSpan.FromMinutes(1), Buckets = [10] });
        foreach (var (user, shop) in new[] { ("a", "one"), ("b", "one"), ("c", "two") })
        {
            counter.Inc(5, user, shop);
            histogram.Observe(3, user, shop);
        }

        Assert.That(host.Read(host.MeterName + "_orders"), Is.EquivalentTo(new Dictionary<string, double> { ["shop=one"] = 10, ["shop=two"] = 5 }));
        Assert.That(host.Read(host.MeterName + "_euros")["shop=one"], Is.EqualTo(2));
        for (var i = 0; i < 4; i++)
        {
            RuleHost.Clock.Advance(TimeSpan.FromSeconds(40));
            counter.Inc(1, "b", "one");
            histogram.Observe(30, "b", "one");
            host.Read(host.MeterName + "_orders");
            host.Read(host.MeterName + "_euros");
        }

        Assert.That(counter.SeriesCount, Is.EqualTo(1), "The others have expired.");
        Assert.That(host.Read(host.MeterName + "_orders"), Is.EqualTo(new Dictionary<string, double> { ["shop=one"] = 14 }));
        var buckets = host.Find(host.MeterName + "_euros")!.Samples.Single().Histogram!;
        Assert.That(buckets.BucketCounts, Is.EqualTo(new[] { 2L, 4L }));
        Assert.That(buckets.Sum, Is.EqualTo(126));
        counter.Inc(1, "a", "one");
        Assert.That(host.Read(host.MeterName + "_orders"), Is.EqualTo(new Dictionary<string, double> { ["shop=one"] = 15 }), "It comes back from nothing.");
    }

    [Test]
    public async Task Buckets_are_given_to_histograms_of_the_application_s_collectors()
    {
        await using var host = await RuleHost.StartAsync(new MeasurementRule { Instrument = "*_seconds", Buckets = { 1, 2 } });
        var histogram = host.Metrics.CreateHistogram("seconds", "", [5, 6, 7]);
        histogram.Observe(1.5);

        Assert.That(host.Metrics.CreateHistogram("seconds", "", [5, 6, 7]), Is.SameAs(histogram));
        Assert.That(host.Find(host.MeterName + "_seconds")!.Samples.Single().Histogram!.Bounds, Is.EqualTo(new[] { 1.0, 2.0 }));
    }

    [Test]
    public async Task Without_a_reader_of_the_application_s_own_nothing_of_ours_goes_through_the_SDK()
    {
        // The meter is named as the service here, and nobody asked for it.
        var name = "quiet" + Guid.NewGuid().ToString("N");
        await using var host = await RuleHost.StartAsync([("Telemetry:ServiceName", name), ("Telemetry:Metrics:Rules:0:AddLabels:site", "x"), ("Telemetry:Metrics:Rules:0:Meter", name)]);
        using var collector = new MetricsCollector(new MetricsCollectorOptions { Namespace = name, Registry = (MetricsRegistry)host.Services.GetService(typeof(MetricsRegistry))! });
        var histogram = collector.CreateHistogram("seconds");
        collector.CreateCounter("orders").Inc();

        Assert.That(histogram.Mirror!.Enabled, Is.False);
        Assert.That(host.Processing.RelayCount, Is.Zero);
        Assert.That(host.Cumulative.Names(name), Is.Empty);
        using var collection = host.ReadModel.Collect();
        Assert.That(collection.Families.Count(family => family.Descriptor.Name == name + "_orders"), Is.EqualTo(1));
    }

    [Test]
    public void For_random_series_and_random_rules_the_merged_are_the_naively_merged() => Prop.ForAll(
        (from dropped in Gen.SubListOf("a", "b", "c")
         from how in Gen.Elements(Enum.GetValues<GaugeMerge>().Where(merge => merge != GaugeMerge.Last))
         from seed in Gen.Choose(0, 100_000)
         select (dropped, how, seed)).ToArbitrary(),
        input => CheckRandom([.. input.dropped], input.how, input.seed).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    private static async Task CheckRandom(string[] dropped, GaugeMerge how, int seed)
    {
        // A label that is added makes even an empty list of dropped ones a change.
        var rule = new MeasurementRule { GaugeMerge = how, AddLabels = { ["z"] = "0" } };
        foreach (var label in dropped) rule.DropLabels.Add(label);
        await using var host = await RuleHost.StartAsync(rule);
        var counter = host.Metrics.CreateCounter("counter", "", "a", "b", "c");
        var gauge = host.Metrics.CreateGauge("gauge", "", "a", "b", "c");
        var histogram = host.Metrics.CreateHistogram("histogram", "", [100, 500], "a", "b", "c");
        var random = new Random(seed);
        for (var i = random.Next(200); i >= 0; i--)
        {
            string[] labels = [$"{random.Next(3)}", $"{random.Next(3)}", $"{random.Next(3)}"];
            counter.Inc(random.Next(1000), labels);
            gauge.Set(random.Next(1000), labels);
            histogram.Observe(random.Next(1000), labels);
        }

        Assert.That(host.Read(host.MeterName + "_counter"), Is.EquivalentTo(Naive(counter, values => values.Sum())));
        Assert.That(host.Delta.Read(host.MeterName, host.MeterName + "_counter"), Is.EquivalentTo(Naive(counter, values => values.Sum())));
        Assert.That(host.Read(host.MeterName + "_histogram"), Is.EquivalentTo(Naive(histogram, values => values.Sum())));
        var gauges = Naive(gauge, values => how switch
        {
            GaugeMerge.Minimum => values.Min(),
            GaugeMerge.Sum => values.Sum(),
            GaugeMerge.Average => values.Average(),
            _ => values.Max(),
        });
        var read = host.Read(host.MeterName + "_gauge");
        Assert.That(read.Keys, Is.EquivalentTo(gauges.Keys));
        foreach (var (labels, value) in gauges) Assert.That(read[labels], Is.EqualTo(value).Within(1e-9));

        Dictionary<string, double> Naive(MetricInstrument metric, Func<IEnumerable<double>, double> merge) =>
            MetricFamilyMaterializer.Materialize(metric).Samples
                .GroupBy(sample => RuleHost.Text(sample.Labels.Where(label => !dropped.Contains(label.Key)).Append(new("z", "0"))))
                .ToDictionary(group => group.Key, group => merge(group.Select(sample => sample.Value)));
    }

    private static MetricFamilyReader Family(MetricCollection collection, RuleHost host) =>
        collection.Families.Single(family => family.Descriptor.Name == host.MeterName + "_orders");

    private static List<Series> Seen(RuleHost host)
    {
        using var collection = host.ReadModel.Collect();
        var visitor = new Pausing();
        for (var position = 0; position != MetricFamilyReader.Done;) position = Family(collection, host).Read(position, visitor);
        return visitor.Series;
    }

    private sealed class Pausing : MetricVisitor
    {
        public List<double> Values { get; } = [];

        public List<Series> Series { get; } = [];

        public override bool VisitNumber(Series series, double value, MetricExemplar? exemplar)
        {
            Values.Add(value);
            Series.Add(series);
            return false;
        }

        public override bool VisitHistogram(Series series, in HistogramView histogram) => throw new NotSupportedException();

        public override bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram) => throw new NotSupportedException();

        public override bool VisitSummary(Series series, in SummaryView summary) => throw new NotSupportedException();
    }
}
