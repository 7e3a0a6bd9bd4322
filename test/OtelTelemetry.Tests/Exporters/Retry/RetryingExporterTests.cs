using OtelTelemetry.Delivery;
using OtelTelemetry.Delivery.Sqlite;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Retry;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Contracts;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.Retry;

public class RetryingExporterTests : ExporterContract
{
    [Test]
    public async Task What_failed_is_exported_again_in_order_with_the_time_of_its_collection([Values] bool throws)
    {
        await using var delivery = new DeliveryMonitor(null, null, Clock);
        var options = new UnreliableOptions();
        await using var exporter = options.WithRetry().Create(new ExporterContext("Ledger") { TimeProvider = Clock, Delivery = delivery });
        await Export(exporter, 1);
        (options.Fails, options.Throws) = (true, throws);
        Clock.Advance(TimeSpan.FromSeconds(15));
        await Export(exporter, 2);
        Assert.That(await delivery.FlushAsync(), Is.False);
        Clock.Advance(TimeSpan.FromSeconds(15));
        await Export(exporter, 3);
        Assert.That(await delivery.FlushAsync(), Is.False);
        var report = delivery.GetReport().Destinations.Single();
        Assert.That((report.Name, report.Accepted, report.Delivered, report.PendingItems), Is.EqualTo(("Ledger", 6L, 2L, 4L)), report.ToString());
        Assert.That(report.LastError, Does.Contain("no room"));

        options.Fails = false;
        await Within.Steps(Clock, TimeSpan.FromSeconds(1), () => options.Exported.Count == 3, "all are exported");

        var start = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        Assert.That(options.Exported.Select(export => (export.Time, export.Value)), Is.EqualTo(new[] { (start, 1d), (start.AddSeconds(15), 2d), (start.AddSeconds(30), 3d) }));
        await delivery.FlushAsync();
        await Export(exporter, 4);
        Assert.That(options.Exported[^1], Is.EqualTo((Clock.GetUtcNow(), 4d)), "Nothing waits: it is exported at once.");
    }

    [Test]
    public async Task What_waits_in_a_file_is_exported_in_the_next_run([Values] DeliveryMode mode)
    {
        using var folder = new TemporaryFolder();
        var options = new UnreliableOptions { Fails = true };
        options.Delivery.Mode = mode;
        await Run(async (exporter, _) => await Export(exporter, 7));
        options.Fails = false;
        Clock.Advance(TimeSpan.FromMinutes(5));
        await Run((_, _) => Within.Steps(Clock, TimeSpan.FromSeconds(1), () => options.Exported.Count == 1, "it is exported"));

        Assert.That(options.Exported.Single(), Is.EqualTo((new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), 7d)));

        async Task Run(Func<MetricsExporter, DeliveryMonitor, Task> run)
        {
            using var outbox = new SqliteOutbox(folder.File("outbox.db"), Clock);
            await using var delivery = new DeliveryMonitor(null, outbox, Clock);
            await using (var exporter = options.WithRetry().Create(new ExporterContext("Ledger") { TimeProvider = Clock, Delivery = delivery })) await run(exporter, delivery);
            await delivery.ShutdownAsync(TimeSpan.FromSeconds(1));
        }
    }

    [Test]
    public async Task What_is_tried_too_often_is_dropped_and_counted()
    {
        await using var delivery = new DeliveryMonitor(null, null, Clock);
        var options = new UnreliableOptions { Fails = true };
        options.Delivery.MaxAttempts = 2;
        await using var exporter = options.WithRetry().Create(new ExporterContext("GivenUp") { TimeProvider = Clock, Delivery = delivery });
        await Export(exporter, 1);
        await Within.Steps(Clock, TimeSpan.FromSeconds(1), () => delivery.GetReport().Destinations.Single().PendingItems == 0, "it is given up");
        Assert.That(delivery.GetReport().Destinations.Single().Dropped, Is.EqualTo(new Dictionary<string, long> { ["attempts"] = 2 }));
    }

    [Test]
    public void The_settings_are_those_of_the_exporter()
    {
        var inner = new UnreliableOptions { Interval = TimeSpan.FromSeconds(3), Include = { "a*" }, Exclude = { "b" }, Where = { ["x"] = "y" } };
        inner.Delivery.MaxAge = TimeSpan.Zero;
        var options = inner.WithRetry();
        Assert.That((options.Interval, options.Include.Single(), options.Exclude.Single(), options.Where["x"]), Is.EqualTo((TimeSpan.FromSeconds(3), "a*", "b", "y")));
        Assert.That(options.Check().Select(wrong => wrong.Property), Is.EqualTo(new[] { "Delivery:MaxAge" }));
    }

    protected override MetricsExporter Create() => new RetryingExporter(new UnreliableOptions().Create(new ExporterContext("Ledger")), timeProvider: Clock);

    private static async Task Export(MetricsExporter exporter, double value)
    {
        var result = await exporter.ExportAsync([SomeFamilies.Numbers("balance", MetricKind.Gauge, "", ("a", value), ("b", value))]);
        Assert.That((result.Succeeded, result.Items), Is.EqualTo((true, 2L)), result.Problem);
    }

    private sealed class UnreliableOptions : MetricsExporterOptions
    {
        public bool Fails { get; set; }

        public bool Throws { get; set; }

        public List<(DateTimeOffset Time, double Value)> Exported { get; } = [];

        public override MetricsExporter Create(ExporterContext context) => new Unreliable(this, context.TimeProvider);
    }

    private sealed class Unreliable(UnreliableOptions options, TimeProvider clock) : MetricsExporter("unreliable")
    {
        public override async ValueTask<MetricsExportResult> ExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            if (options.Fails && options.Throws) throw new IOException("no room");
            if (options.Fails) return MetricsExportResult.Failure("no room");
            var copies = families.Select(MetricFamilyMaterializer.Materialize).ToArray();
            if (copies.Length > 0 && copies[0].Samples.Count > 0) options.Exported.Add((clock.GetUtcNow(), copies[0].Samples[0].Value));
            return MetricsExportResult.Success(copies.Sum(family => family.Samples.Count));
        }
    }
}
