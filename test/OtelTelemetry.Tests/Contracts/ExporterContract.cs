using OtelTelemetry.Exporters;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Contracts;

/// <summary>What every exporter of metrics must do. An exporter's own tests derive from it.</summary>
public abstract class ExporterContract
{
    protected FakeClock Clock { get; private set; } = null!;

    [SetUp]
    public void CreateClock() => Clock = new FakeClock();

    /// <summary>The exporter, connected to something that takes all it sends.</summary>
    protected abstract MetricsExporter Create();

    [Test]
    public async Task Nothing_is_exported_without_an_error()
    {
        await using var exporter = Create();
        var result = await exporter.ExportAsync(Array.Empty<MetricFamilyReader>());
        Assert.That((result.Succeeded, result.Problem, result.Items), Is.EqualTo((true, (string?)null, 0L)));
    }

    [Test]
    public async Task Every_kind_of_metric_and_every_value_is_exported_without_an_error()
    {
        await using var exporter = Create();
        var result = await exporter.ExportAsync(SomeFamilies.All);
        Assert.That(result.Succeeded, Is.True, result.Problem);
        Assert.That(result.Items, Is.Positive);
    }

    [Test]
    public async Task It_can_be_used_again_and_again()
    {
        await using var exporter = Create();
        for (var i = 0; i < 5; i++)
        {
            var result = await exporter.ExportAsync(SomeFamilies.All);
            Assert.That(result.Succeeded, Is.True, result.Problem);
            Clock.Advance(TimeSpan.FromSeconds(15));
        }
    }

    [Test]
    public async Task Many_series_are_all_exported()
    {
        await using var exporter = Create();
        var family = SomeFamilies.Numbers("many_total", MetricKind.Counter, "", [.. Enumerable.Range(0, 3000).Select(i => ($"value {i}", (double)i))]);
        var result = await exporter.ExportAsync([family]);
        Assert.That(result.Succeeded, Is.True, result.Problem);
        Assert.That(result.Items, Is.GreaterThanOrEqualTo(2999));
    }

    [Test]
    public async Task It_may_be_ended_twice_and_while_it_exports()
    {
        var exporter = Create();
        var exports = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            // Whether an export that meets the end succeeds is open; that it ends, and throws nothing but what says so, is not.
            try
            {
                await exporter.ExportAsync(SomeFamilies.All);
            }
            catch (Exception exception) when (exception is ObjectDisposedException or OperationCanceledException)
            {
            }
        })).ToArray();
        await exporter.DisposeAsync();
        await exporter.DisposeAsync();
        await Task.WhenAll(exports).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task A_cancelled_export_ends()
    {
        await using var exporter = Create();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        try
        {
            await exporter.ExportAsync([.. SomeFamilies.All.Select(family => new MaterializedFamilyReader(family))], cancelled.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (OperationCanceledException)
        {
        }
    }

    [Test]
    public void Its_name_is_one_for_labels() => Assert.That(Create().Name, Does.Match("^[a-z][a-z0-9_]*$"));
}
