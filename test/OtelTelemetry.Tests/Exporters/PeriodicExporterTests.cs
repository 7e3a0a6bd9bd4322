using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Metrics;

namespace OtelTelemetry.Tests.Exporters;

public class PeriodicExporterTests : MetricsTestBase
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    [Test]
    public async Task It_exports_on_its_interval_from_a_moment_on_that_is_spread()
    {
        var exporter = new Noting();
        await using var periodic = Create(exporter, random: new Half());
        periodic.Start();
        periodic.Start();
        Clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.That(exporter.Count, Is.Zero);
        await AdvanceAsync(0.1, periodic, exporter, 1);
        Clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.That(exporter.Count, Is.EqualTo(1));
        await AdvanceAsync(0.1, periodic, exporter, 2);
        await AdvanceAsync(10, periodic, exporter, 3);
        Assert.That(periodic.Exports, Is.GreaterThanOrEqualTo(2));
    }

    [Test]
    public async Task It_reads_the_current_values()
    {
        var counter = Metrics.CreateCounter("n_total");
        var exporter = new Noting();
        await using var periodic = Create(exporter);
        counter.Inc(3);
        Assert.That(await periodic.ExportNowAsync(), Is.True);
        counter.Inc(4);
        Assert.That(await periodic.ExportNowAsync(), Is.True);
        Assert.That(exporter.Values, Is.EqualTo(new[] { 3, 7 }));
    }

    [Test]
    public async Task It_exports_once_more_when_it_stops_and_ends_its_exporter()
    {
        var counter = Metrics.CreateCounter("n_total");
        var exporter = new Noting();
        var periodic = Create(exporter);
        periodic.Start();
        counter.Inc(5);
        await periodic.DisposeAsync();
        await periodic.DisposeAsync();
        Assert.That(exporter.Values, Is.EqualTo(new[] { 5 }));
        Assert.That(exporter.Ended, Is.EqualTo(1));
        Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.That(exporter.Count, Is.EqualTo(1), "nothing comes after the end");
    }

    [Test]
    public async Task Exports_never_overlap()
    {
        var exporter = new Noting { Gate = new SemaphoreSlim(0) };
        await using var periodic = Create(exporter, timeout: TimeSpan.FromHours(1));
        var exports = Enumerable.Range(0, 3).Select(_ => periodic.ExportNowAsync()).ToArray();
        await exporter.Entered.WaitAsync();
        Assert.That(exporter.Count, Is.EqualTo(1));
        exporter.Gate.Release(3);
        await Task.WhenAll(exports);
        Assert.That((exporter.Count, exporter.MostAtOnce), Is.EqualTo((3, 1)));
    }

    [Test]
    public async Task One_that_throws_or_fails_is_counted_and_goes_on()
    {
        var exporter = new Noting { Failure = new InvalidOperationException("broken") };
        await using var periodic = Create(exporter);
        var before = TelemetryLosses.Counted("metrics", exporter.Name, "export_failed");
        Assert.That(await periodic.ExportNowAsync(), Is.False);
        exporter.Failure = null;
        exporter.Result = MetricsExportResult.Failure("the server said no");
        Assert.That(await periodic.ExportNowAsync(), Is.False);
        exporter.Result = MetricsExportResult.Success(1);
        Assert.That(await periodic.ExportNowAsync(), Is.True);
        Assert.That((periodic.Exports, periodic.Failures), Is.EqualTo((1L, 2L)));
        Assert.That(TelemetryLosses.Counted("metrics", exporter.Name, "export_failed") - before, Is.EqualTo(2));
    }

    [Test]
    public async Task One_that_hangs_holds_up_nobody_and_is_not_started_beside_itself()
    {
        var exporter = new Noting { Gate = new SemaphoreSlim(0), IgnoresToken = true };
        var periodic = Create(exporter, timeout: TimeSpan.FromSeconds(3));
        var export = periodic.ExportNowAsync();
        await exporter.Entered.WaitAsync();
        Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.That(await export, Is.False);
        Assert.That(await periodic.ExportNowAsync(), Is.False);
        Assert.That(exporter.MostAtOnce, Is.EqualTo(1));

        var end = periodic.DisposeAsync().AsTask();
        while (!end.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        exporter.Gate.Release();
    }

    [Test]
    public async Task A_fan_out_lets_each_fail_alone()
    {
        var (good, throwing, failing) = (new Noting(), new Noting { Failure = new IOException("disk") }, new Noting { Result = MetricsExportResult.Failure("no") });
        await using var all = new MultiExporter(throwing, good, failing);
        Metrics.CreateCounter("n_total").Inc(2);
        var result = await all.ExportAsync(Metrics.CollectAll());
        Assert.That(good.Values, Is.EqualTo(new[] { 2 }));
        Assert.That(result.Succeeded, Is.False);
        Assert.That(result.Problem, Does.Contain("noting_exporter: the export failed").And.Contain("noting_exporter: no"));
        await all.DisposeAsync();
        Assert.That(new[] { good.Ended, throwing.Ended, failing.Ended }, Is.All.EqualTo(1));
    }

    [Test]
    public async Task Filters_choose_metrics_and_series()
    {
        var counter = Metrics.CreateCounter("shop_orders_total", "", "region");
        Metrics.CreateCounter("shop_internal_total").Inc();
        Metrics.CreateCounter("other_total").Inc();
        counter.Inc("eu-west");
        counter.Inc("eu-north");
        counter.Inc("us-east");
        var options = new FilterOptions { Include = { "shop_*" }, Exclude = { "*_internal_*" }, Where = { ["region"] = "eu-*" } };
        var families = new MetricFilter(options).Apply([.. Metrics.CollectAll().Select(family => new MaterializedFamilyReader(family))]);
        var family = MetricFamilyMaterializer.Materialize(families.Single());
        Assert.That(family.Descriptor.Name, Is.EqualTo("shop_orders_total"));
        Assert.That(family.Samples.Select(sample => sample.Labels["region"]), Is.EquivalentTo(new[] { "eu-west", "eu-north" }));
        await Task.CompletedTask;
    }

    private PeriodicExporter Create(MetricsExporter exporter, TimeSpan? timeout = null, Random? random = null) =>
        new(exporter, new MetricReadModel(Registry), s_interval, timeout ?? TimeSpan.FromSeconds(5), Clock, random);

    private async Task AdvanceAsync(double seconds, PeriodicExporter periodic, Noting exporter, int exports)
    {
        Clock.Advance(TimeSpan.FromSeconds(seconds));
        while (exporter.Count < exports) await exporter.Entered.WaitAsync();

        // A tick that comes while an export is not quite over is left out.
        await periodic.Running;
    }

    private sealed class Half : Random
    {
        public override double NextDouble() => 0.5;
    }

    private sealed class FilterOptions : MetricsExporterOptions
    {
        public override MetricsExporter Create(ExporterContext context) => throw new NotSupportedException();
    }

    private sealed class Noting() : MetricsExporter("noting_exporter")
    {
        private int _count;
        private int _atOnce;

        public SemaphoreSlim? Gate { get; init; }

        public SemaphoreSlim Entered { get; } = new(0);

        public bool IgnoresToken { get; init; }

        public Exception? Failure { get; set; }

        public MetricsExportResult Result { get; set; } = MetricsExportResult.Success(1);

        public List<double> Values { get; } = [];

        public int Count => Volatile.Read(ref _count);

        public int MostAtOnce { get; private set; }

        public int Ended { get; private set; }

        public override async ValueTask<MetricsExportResult> ExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default)
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _atOnce));
            Interlocked.Increment(ref _count);
            Values.AddRange(families.Select(MetricFamilyMaterializer.Materialize).SelectMany(family => family.Samples).Select(sample => sample.Value));
            Entered.Release();
            if (Gate is not null) await Gate.WaitAsync(IgnoresToken ? CancellationToken.None : cancellationToken);
            Interlocked.Decrement(ref _atOnce);
            return Failure is null ? Result : throw Failure;
        }

        public override ValueTask DisposeAsync()
        {
            Ended++;
            return base.DisposeAsync();
        }
    }
}
