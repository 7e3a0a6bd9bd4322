using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Logging.Store;
using OtelTelemetry.Processors.Logs.Redact;
using OtelTelemetry.Tests.Processors.Logs;

namespace OtelTelemetry.Tests.Logging.Store;

/// <summary>Log records, read back in the process.</summary>
public class LogStoreTests
{
    [Test]
    public void A_record_is_read_back_with_all_that_was_known()
    {
        using var host = Start();
        using var activity = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();
        using (host.Logger.BeginScope("text alone"))
        using (host.Logger.BeginScope("{OrderId}", 4711))
        {
            host.Logger.Log(LogLevel.Error, new EventId(17, "StockLow"), new InvalidOperationException("empty"), "Stock of {Sku} is low: {Count}", "A7", 3);
        }

        var one = Ours(host).Single();
        Assert.That((one.Level, one.Category, one.EventId.Id, one.EventId.Name), Is.EqualTo((LogLevel.Error, "Shop.Orders", 17, "StockLow")));
        Assert.That((one.Message, one.Template), Is.EqualTo(("Stock of A7 is low: 3", "Stock of {Sku} is low: {Count}")));
        Assert.That((one.GetAttribute("Sku"), one.GetAttribute("Count"), one.GetAttribute("OrderId"), one.GetAttribute("none")), Is.EqualTo(((object)"A7", (object)3, (object)4711, (object?)null)));
        Assert.That(one.Attributes.Select(pair => pair.Key), Is.EqualTo(new[] { "Sku", "Count" }));
        Assert.That(one.ScopeTexts, Is.EqualTo(new[] { "text alone" }));
        Assert.That((one.TraceId, one.SpanId), Is.EqualTo((activity.TraceId, activity.SpanId)));
        Assert.That((one.ExceptionType, one.Exception), Is.EqualTo((typeof(InvalidOperationException).FullName, "System.InvalidOperationException: empty")));
        Assert.That(one.Timestamp.Offset, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Past_its_capacity_the_oldest_make_room_and_are_counted()
    {
        var before = SelfMetrics.LogsPushedOut.Get();
        using var host = Start(("Capacity", "3"));
        var store = StoreOf(host);
        store.Clear();
        var pushedOut = store.PushedOut;
        for (var i = 0; i < 10; i++) host.Logger.LogInformation("record {Number}", i);

        Assert.That(Messages(store.GetLogs()), Is.EqualTo(new[] { "record 9", "record 8", "record 7" }));
        Assert.That((store.Count, store.PushedOut - pushedOut), Is.EqualTo((3, 7L)));
        Assert.That(SelfMetrics.LogsPushedOut.Get() - before, Is.GreaterThanOrEqualTo(7));
    }

    [Test]
    public void Large_records_make_more_of_them_go_and_one_that_is_too_large_is_counted()
    {
        using var host = Start(("MaxBytes", "64KiB"));
        var store = StoreOf(host);
        for (var i = 0; i < 100; i++) host.Logger.LogInformation("record {Number} {Padding}", i, new string('x', 1000));
        var tooLarge = TelemetryLosses.Counted("logs", "log_store", "too_large");
        host.Logger.LogInformation("large {Padding}", new string('x', 100_000));

        Assert.That(store.Count, Is.InRange(10, 30));
        Assert.That(store.Bytes, Is.InRange(40_000, 64 * 1024));
        Assert.That((string)store.GetLogs()[0].Attributes[1].Value!, Has.Length.EqualTo(1000), "The large one is not there.");
        Assert.That(TelemetryLosses.Counted("logs", "log_store", "too_large") - tooLarge, Is.EqualTo(1));
    }

    [Test]
    public void What_is_kept_does_not_change_with_what_was_logged()
    {
        using var host = Start();
        var value = new List<int> { 1, 2 };
        host.Logger.LogInformation("values {Values}", value);
        value.Clear();

        Assert.That(Ours(host).Single().GetAttribute("Values"), Is.TypeOf<string>());
    }

    [Test]
    public void It_keeps_what_the_processors_left()
    {
        using var host = LogHost.Start(builder => builder.AddPepperTelemetry(options => options.Logs.Store.Capacity = 10).AddLogProcessor(new RedactLogsOptions()));
        host.Logger.LogInformation("to {Address}", "ann@example.com");

        var one = Ours(host).Single();
        Assert.That((one.Message, one.GetAttribute("Address")), Is.EqualTo(("to [redacted]", (object)"[redacted]")));
    }

    [Test]
    public void Queries_choose_by_level_category_text_trace_and_time()
    {
        using var host = Start();
        host.Logger.LogDebug("quiet");
        host.LoggerOf("Shop.Stock").LogWarning(new InvalidOperationException("Pigeons ate it"), "Stock of {Sku} is low", "A7");
        using (var activity = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start())
        {
            host.Logger.LogInformation("traced");
            Assert.That(Find(host, new LogQuery { TraceId = activity.TraceId.ToHexString().ToUpperInvariant() }), Is.EqualTo(new[] { "traced" }));
        }

        var all = Ours(host);
        Assert.That(Find(host, new LogQuery { Level = LogLevel.Warning, Category = "Shop.*" }), Is.EqualTo(new[] { "Stock of A7 is low" }));
        Assert.That(Find(host, new LogQuery { Category = "Shop.Orders" }), Is.EqualTo(new[] { "traced", "quiet" }));
        Assert.That(Find(host, new LogQuery { Text = "pigeons" }), Is.EqualTo(new[] { "Stock of A7 is low" }), "Also in an exception.");
        Assert.That(Find(host, new LogQuery { Text = "a7", Category = "Shop.*" }), Is.EqualTo(new[] { "Stock of A7 is low" }));
        Assert.That(Find(host, new LogQuery { From = all[^1].Timestamp, To = all[^1].Timestamp }), Is.Empty);
        Assert.That(Find(host, new LogQuery { From = all[^1].Timestamp, Category = "Shop.*", Order = LogOrder.OldestFirst }), Is.EqualTo(new[] { "quiet", "Stock of A7 is low", "traced" }));
        Assert.That(Find(host, new LogQuery { To = all[^1].Timestamp, Category = "Shop.*" }), Is.Empty);
    }

    [TestCase(LogOrder.NewestFirst)]
    [TestCase(LogOrder.OldestFirst)]
    public void Pages_follow_each_other_without_gap_or_overlap(LogOrder order)
    {
        using var host = Start();
        for (var i = 0; i < 25; i++) host.Logger.LogInformation("record {Number}", i);
        var read = new List<string>();
        var query = new LogQuery { Category = "Shop.Orders", Limit = 10, Order = order };
        while (StoreOf(host).GetLogs(query) is { Count: > 0 } page)
        {
            read.AddRange(Messages(page));
            query = query with { After = page[^1].Id };
        }

        var expected = Enumerable.Range(0, 25).Select(i => $"record {i}");
        Assert.That(read, Is.EqualTo(order == LogOrder.OldestFirst ? expected : expected.Reverse()));
    }

    [Test]
    public void Many_threads_leave_exactly_its_capacity()
    {
        using var host = Start(("Capacity", "50"));
        Parallel.For(0, 4000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => host.Logger.LogInformation("record {Number}", i));

        var store = StoreOf(host);
        Assert.That(store.Count, Is.EqualTo(50));
        Assert.That(store.PushedOut, Is.GreaterThanOrEqualTo(3950));
        Assert.That(store.GetLogs(new LogQuery { Limit = 1000 }).Select(one => one.Id), Is.Unique);
    }

    [Test]
    public void Without_the_setting_there_is_none()
    {
        using var host = LogHost.Start(builder => builder.AddPepperTelemetry());
        host.Logger.LogInformation("not kept");

        Assert.That((StoreOf(host).Capacity, StoreOf(host).Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Settings_out_of_range_are_refused()
    {
        var exception = Assert.Throws<TelemetryConfigurationException>(() => Start(("Capacity", "0"), ("MaxBytes", "12")))!;

        Assert.That(exception.Message, Does.Contain("Telemetry:Logs:Store:Capacity").And.Contains("1 to 1000000").And.Contains("Telemetry:Logs:Store:MaxBytes"));
        using var host = Start();
        Assert.That(() => StoreOf(host).GetLogs(new LogQuery { Limit = 0 }), Throws.ArgumentException);
    }

    private static LogStore StoreOf(LogHost host) => host.Services.GetRequiredService<TelemetryManager>().Logs;

    private static IReadOnlyList<StoredLog> Ours(LogHost host) => StoreOf(host).GetLogs(new LogQuery { Category = "Shop.*" });

    private static IEnumerable<string> Find(LogHost host, LogQuery query) => Messages(StoreOf(host).GetLogs(query));

    private static IEnumerable<string> Messages(IEnumerable<StoredLog> logs) => logs.Select(one => one.Message);

    private static LogHost Start(params (string Key, string Value)[] settings)
    {
        (string, string)[] all = [("Telemetry:Logs:Store:Capacity", "100"), .. settings.Select(setting => ("Telemetry:Logs:Store:" + setting.Key, setting.Value))];
        return LogHost.Start(builder => builder.AddPepperTelemetry(), settings: [.. all.Reverse().DistinctBy(setting => setting.Item1)]);
    }
}
