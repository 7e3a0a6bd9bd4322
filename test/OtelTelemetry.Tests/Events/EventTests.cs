using System.Diagnostics;
using OtelTelemetry.Collectors;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Events;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Events;

public class EventTests
{
    private FakeClock _clock = null!;
    private MetricsRegistry _registry = null!;
    private MetricsCollector _metrics = null!;
    private string _name = null!;

    private TelemetryEvents Events => _registry.Events;

    [SetUp]
    public void Create()
    {
        _clock = new FakeClock();
        _name = "e" + Guid.NewGuid().ToString("N");
        Use(new TelemetryEventsOptions());
    }

    [TearDown]
    public void Dispose() => _metrics.Dispose();

    [Test]
    public void An_event_is_read_back_as_it_was()
    {
        var value = new Dictionary<string, object?> { ["user_id"] = "12345" };
        _metrics.RecordEvent("user_login", value, MetricTags.Of(("source", "web")), new Dictionary<string, object?> { ["build"] = 7 });
        value["user_id"] = "changed later";

        var one = Events.GetEvents().Single();

        Assert.That(one.Name, Is.EqualTo("user_login"));
        Assert.That(one.Value, Is.EqualTo(new Dictionary<string, object?> { ["user_id"] = "12345" }));
        Assert.That(one.Labels, Is.EqualTo(MetricTags.Of(("source", "web"))));
        Assert.That(one.Metadata!["build"], Is.EqualTo(7));
        Assert.That(one.Timestamp, Is.EqualTo(_clock.GetUtcNow()));
        Assert.That(one.TraceId, Is.EqualTo(default(ActivityTraceId)));
        Assert.That(one.ToString(), Is.EqualTo("2026-01-02T03:04:05.0000000+00:00 user_login source=web user_id=12345 metadata.build=7"));
    }

    [Test]
    public void An_event_knows_the_span_it_was_recorded_in_and_is_found_by_its_trace()
    {
        using var span = new Activity("checkout").SetIdFormat(ActivityIdFormat.W3C).Start();
        _metrics.RecordEvent("inside");
        span.Stop();
        _metrics.RecordEvent("outside");

        var one = Events.GetEvents(new EventQuery { TraceId = span.TraceId.ToHexString() }).Single();

        Assert.That((one.Name, one.TraceId, one.SpanId), Is.EqualTo(("inside", span.TraceId, span.SpanId)));
    }

    [Test]
    public void The_newest_are_kept_and_the_others_counted()
    {
        Use(new TelemetryEventsOptions { MaxEvents = 20 });
        var before = SelfMetrics.EventsPushedOut.Get("count");
        for (var i = 0; i < 75; i++) _metrics.RecordEvent("step", i);

        Assert.That(Events.Count, Is.EqualTo(20));
        Assert.That(Events.GetEvents().Select(one => one.Value), Is.EqualTo(Enumerable.Range(0, 20).Select(i => (object)(74 - i))));
        Assert.That(Events.PushedOut, Is.EqualTo(55));
        Assert.That(SelfMetrics.EventsPushedOut.Get("count") - before, Is.EqualTo(55));
    }

    [Test]
    public void Old_ones_are_forgotten_and_counted()
    {
        Use(new TelemetryEventsOptions { Retention = TimeSpan.FromMinutes(10) });
        var before = SelfMetrics.EventsPushedOut.Get("age");
        _metrics.RecordEvent("old");
        _clock.Advance(TimeSpan.FromMinutes(6));
        _metrics.RecordEvent("young");
        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.That(Events.GetEvents().Select(one => one.Name), Is.EqualTo(new[] { "young" }));
        Assert.That(SelfMetrics.EventsPushedOut.Get("age") - before, Is.EqualTo(1));
    }

    [Test]
    public void They_are_read_by_name_and_time_page_by_page_in_both_orders([Values] EventOrder order)
    {
        var start = _clock.GetUtcNow();
        for (var i = 0; i < 100; i++)
        {
            _metrics.RecordEvent(i % 2 == 0 ? "even" : "odd", i);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        var query = new EventQuery { Name = "odd", From = start.AddSeconds(11), To = start.AddSeconds(51), Order = order, Limit = 7 };
        var read = new List<int>();
        while (Events.GetEvents(query) is { Count: > 0 } page)
        {
            Assert.That(page, Has.Count.LessThanOrEqualTo(7));
            read.AddRange(page.Select(one => (int)one.Value!));
            query = query with { After = page[^1].Id };
        }

        var expected = Enumerable.Range(0, 100).Where(i => i % 2 == 1 && i is >= 11 and < 51);
        Assert.That(read, Is.EqualTo(order == EventOrder.OldestFirst ? expected : expected.Reverse()));
    }

    [TestCase(0)]
    [TestCase(10_001)]
    public void A_page_is_bounded(int limit) =>
        Assert.That(() => Events.GetEvents(new EventQuery { Limit = limit }), Throws.ArgumentException.With.Message.Contains("1 to 10000"));

    [Test]
    public void Names_are_counted_and_labels_make_no_series()
    {
        for (var i = 0; i < 50; i++) _metrics.RecordEvent(_name, null, ("user", i.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        Assert.That(SelfMetrics.Events.Get(_name), Is.EqualTo(50));
        Assert.That(_registry.Metrics, Is.Empty);
    }

    [Test]
    public void The_number_of_counted_names_is_bounded() => Assert.That(SelfMetrics.Events.MaxSeries, Is.EqualTo(SelfMetrics.MostNames));

    [Test]
    public void Recording_never_throws()
    {
        var lost = TelemetryLosses.Counted("events", "events", "invalid_name");
        var failed = TelemetryLosses.Counted("events", "events", "failed");
        _metrics.RecordEvent(null!);
        _metrics.RecordEvent(" ");
        _metrics.RecordEvent("broken", Broken());

        Assert.That(Events.Count, Is.Zero);
        Assert.That(TelemetryLosses.Counted("events", "events", "invalid_name") - lost, Is.EqualTo(2));
        Assert.That(TelemetryLosses.Counted("events", "events", "failed") - failed, Is.EqualTo(1));

        static IEnumerable<KeyValuePair<string, object?>> Broken()
        {
            yield return new("a", 1);
            throw new InvalidOperationException();
        }
    }

    [Test]
    public void Many_threads_lose_no_event()
    {
        Use(new TelemetryEventsOptions { MaxEvents = 500 });
        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 1000; i++) _metrics.RecordEvent(_name, thread);
        });

        Assert.That(Events.PushedOut + Events.Count, Is.EqualTo(8000));
        Assert.That(Events.Count, Is.EqualTo(500));
        Assert.That(Events.GetEvents(new EventQuery { Limit = 500 }).Select(one => one.Id), Is.Unique.And.Ordered.Descending);
    }

    private void Use(TelemetryEventsOptions options)
    {
        _metrics?.Dispose();
        _registry = new MetricsRegistry(options, _clock);
        _metrics = new MetricsCollector(new MetricsCollectorOptions { Registry = _registry, TimeProvider = _clock, MeterName = _name });
    }
}
