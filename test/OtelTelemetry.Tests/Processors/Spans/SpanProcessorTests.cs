using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OtelTelemetry.Processors.Spans;
using OtelTelemetry.Processors.Spans.Attributes;
using OtelTelemetry.Processors.Spans.Filter;
using OtelTelemetry.Processors.Spans.RateLimit;
using OtelTelemetry.Processors.Spans.Redact;
using OtelTelemetry.Processors.Spans.Rename;
using OtelTelemetry.Tests.Configuration;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Processors.Spans;

public class SpanProcessorTests
{
    private static readonly (string Key, string Value, string Says)[] s_wrong =
    [
        ("Telemetry:Traces:Processors:0:Type", "Launder", "'Launder' is not a span processor"),
        ("Telemetry:Traces:Processors:1:Name", "x", "has no type"),
        ("Telemetry:Traces:Processors:2:Type", "Filter", "would drop every span"),
        ("Telemetry:Traces:Processors:3:Type", "Redact", "nothing is redacted"),
        ("Telemetry:Traces:Processors:4:Type", "Rename", "nothing is renamed"),
        ("Telemetry:Traces:Processors:5:Type", "AddAttributes", "nothing is added"),
    ];

    [Test]
    public void A_filter_drops_what_matches_everything_that_is_set()
    {
        var filter = Create(new SpanFilterOptions { Name = "SELECT*", Kind = ActivityKind.Client, Attributes = new Dictionary<string, string> { ["db.system"] = "redis" }, ShorterThan = TimeSpan.FromMilliseconds(5) });

        Assert.That(filter.Process(Query()), Is.False);
        Assert.That(filter.Process(Query(name: "INSERT")), Is.True);
        Assert.That(filter.Process(Query(kind: ActivityKind.Server)), Is.True);
        Assert.That(filter.Process(Query(system: "postgres")), Is.True);
        Assert.That(filter.Process(Query(milliseconds: 9)), Is.True);
        Assert.That(filter.Process(Query(error: true)), Is.True, "A failed one stays.");
        Assert.That(Create(new SpanFilterOptions { Name = "SELECT*", DropErrors = true }).Process(Query(error: true)), Is.False);
        Assert.That(Create(new SpanFilterOptions { Source = "other" }).Process(Query()), Is.True);

        static Activity Query(string name = "SELECT orders", ActivityKind kind = ActivityKind.Client, string system = "redis", int milliseconds = 2, bool error = false)
        {
            var span = Span(name, kind, milliseconds);
            span.SetTag("db.system", system);
            if (error) span.SetStatus(ActivityStatusCode.Error);
            return span;
        }
    }

    [Test]
    public void Attributes_are_redacted_by_name_and_texts_by_pattern_also_in_events()
    {
        var redactor = Create(new RedactSpansOptions { Attributes = ["*password*", "token"], Patterns = [@"\b\d{4}-\d{4}\b", "secret"], Replacement = "$1" });
        var span = Span("pay 1234-5678");
        span.SetTag("db.PASSWORD", "x").SetTag("token", 7).SetTag("card", "1234-5678 and 8765-4321").SetTag("cards", new[] { "a", "1111-2222" }).SetTag("count", 3).SetTag("plain", "text");
        span.SetStatus(ActivityStatusCode.Error, "secret failure");
        span.AddEvent(new ActivityEvent("first", tags: new() { ["plain"] = "text" }));
        span.AddEvent(new ActivityEvent("exception", tags: new() { ["exception.message"] = "card 1234-5678", ["password"] = "y", ["n"] = 1 }));

        Assert.That(redactor.Process(span), Is.True);

        Assert.That(span.TagObjects, Is.EqualTo(new KeyValuePair<string, object?>[]
        {
            new("db.PASSWORD", "$1"), new("token", "$1"), new("card", "$1 and $1"), new("cards", new[] { "a", "$1" }), new("count", 3), new("plain", "text"),
        }));
        Assert.That((span.DisplayName, span.StatusDescription, span.Status), Is.EqualTo(("pay $1", "$1 failure", ActivityStatusCode.Error)));
        var events = span.Events.ToArray();
        Assert.That(events[0].Tags, Is.EqualTo(new KeyValuePair<string, object?>[] { new("plain", "text") }));
        Assert.That(events[1].Tags, Is.EqualTo(new KeyValuePair<string, object?>[] { new("exception.message", "card $1"), new("password", "$1"), new("n", 1) }));
        Assert.That(events[1].Name, Is.EqualTo("exception"));
    }

    [Test]
    public void Nothing_is_allocated_where_there_is_nothing_to_redact()
    {
        var redactor = Create(new RedactSpansOptions { Attributes = ["*password*"] });
        var span = Span("work");
        span.SetTag("a", "b").SetTag("c", 1);
        span.AddEvent(new ActivityEvent("e", tags: new() { ["d"] = "e" }));
        redactor.Process(span);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) redactor.Process(span);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(100 * 64), "At most the enumerator of the event's attributes.");
    }

    [Test]
    public void Spans_and_attributes_are_renamed()
    {
        var renamer = Create(new RenameSpansOptions
        {
            Names = new Dictionary<string, string> { ["GET *"] = "read", ["GET /orders/*"] = "read order" },
            Attributes = new Dictionary<string, string> { ["http.method"] = "http.request.method" },
        });
        var order = Span("GET /orders/7");
        order.SetTag("http.method", "GET");
        var other = Span("GET /x");
        renamer.Process(order);
        renamer.Process(other);

        Assert.That((order.DisplayName, other.DisplayName), Is.EqualTo(("read order", "read")));
        Assert.That(order.TagObjects, Is.EqualTo(new KeyValuePair<string, object?>[] { new("http.request.method", "GET") }));
    }

    [Test]
    public void Attributes_come_from_baggage_and_resource_and_replace_none()
    {
        var adder = Create(
            new AddAttributesOptions { Attributes = new Dictionary<string, string> { ["team"] = "a", ["kept"] = "new" }, FromBaggage = ["tenant", "user", "absent"], FromResource = ["service.name", "absent"] },
            new Dictionary<string, object> { ["service.name"] = "shop" });
        var span = Span("work");
        span.SetTag("kept", "old");
        span.AddBaggage("tenant", "t1").AddBaggage("other", "x");
        Baggage.SetBaggage("user", "u1");
        try
        {
            adder.Process(span);
        }
        finally
        {
            Baggage.ClearBaggage();
        }

        Assert.That(span.TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value), Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["kept"] = "old", ["team"] = "a", ["service.name"] = "shop", ["tenant"] = "t1", ["user"] = "u1",
        }));
    }

    [Test]
    public void So_many_spans_a_second_pass()
    {
        var clock = new FakeClock();
        var limit = Create(new SpanRateLimitOptions { SpansPerSecond = 3, Burst = 2 }, clock: clock);
        var span = Span("work");

        Assert.That(Enumerable.Range(0, 10).Count(_ => limit.Process(span)), Is.EqualTo(2));
        clock.Advance(TimeSpan.FromSeconds(0.34));
        Assert.That(Enumerable.Range(0, 10).Count(_ => limit.Process(span)), Is.EqualTo(1));
    }

    [Test]
    public void The_section_sets_every_property()
    {
        var processors = TelemetrySettingsTests.Bind(
            ("Telemetry:Traces:Processors:0:Type", "filter"),
            ("Telemetry:Traces:Processors:0:Name", "a*"),
            ("Telemetry:Traces:Processors:0:Source", "s"),
            ("Telemetry:Traces:Processors:0:Kind", "client"),
            ("Telemetry:Traces:Processors:0:Path", "/p"),
            ("Telemetry:Traces:Processors:0:Attributes:k", "v"),
            ("Telemetry:Traces:Processors:0:ShorterThan", "5ms"),
            ("Telemetry:Traces:Processors:0:DropErrors", "true"),
            ("Telemetry:Traces:Processors:1:Type", "RateLimit"),
            ("Telemetry:Traces:Processors:1:SpansPerSecond", "7"),
            ("Telemetry:Traces:Processors:1:Burst", "9"),
            ("Telemetry:Traces:Processors:2:Type", "Redact"),
            ("Telemetry:Traces:Processors:2:Attributes", "a,b"),
            ("Telemetry:Traces:Processors:2:Patterns:0", @"\d{1,3}"),
            ("Telemetry:Traces:Processors:2:Replacement", "***"),
            ("Telemetry:Traces:Processors:3:Type", "AddAttributes"),
            ("Telemetry:Traces:Processors:3:FromBaggage", "tenant")).Options.Traces.Processors;

        var filter = (SpanFilterOptions)processors[0];
        Assert.That((filter.Name, filter.Source, filter.Kind, filter.Path, filter.ShorterThan, filter.DropErrors), Is.EqualTo(("a*", "s", (ActivityKind?)ActivityKind.Client, "/p", (TimeSpan?)TimeSpan.FromMilliseconds(5), true)));
        Assert.That(filter.Attributes, Is.EqualTo(new Dictionary<string, string> { ["k"] = "v" }));
        Assert.That(processors[1], Is.EqualTo(new SpanRateLimitOptions { SpansPerSecond = 7, Burst = 9 }));
        var redact = (RedactSpansOptions)processors[2];
        Assert.That((redact.Attributes, redact.Patterns, redact.Replacement), Is.EqualTo((new[] { "a", "b" }, new[] { @"\d{1,3}" }, "***")));
        Assert.That(((AddAttributesOptions)processors[3]).FromBaggage, Is.EqualTo(new[] { "tenant" }));
    }

    [Test]
    public void Every_error_is_listed_at_once()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind([.. s_wrong.Select(wrong => (wrong.Key, wrong.Value))]))!;

        foreach (var (_, _, says) in s_wrong) Assert.That(error.Message, Does.Contain(says));
    }

    [TestCase("(")]
    [TestCase(@"(a)\1")]
    [TestCase("(?=a)")]
    public void A_pattern_that_cannot_be_used_is_an_error(string pattern) =>
        Assert.That(
            () => TelemetrySettingsTests.Bind(options => options.Traces.Processors.Add(new RedactSpansOptions { Patterns = [pattern] })),
            Throws.TypeOf<TelemetryConfigurationException>().With.Message.Contains("not a regular expression that can be used"));

    [Test]
    public void Wrong_settings_of_tail_sampling_are_named()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind(
            ("Telemetry:Traces:TailSampling:Rate", "2"),
            ("Telemetry:Traces:TailSampling:SlowPercentile", "99"),
            ("Telemetry:Traces:TailSampling:SlowerThan", "0s"),
            ("Telemetry:Traces:TailSampling:MaxAge", "2h"),
            ("Telemetry:Traces:TailSampling:MaxTraces", "0")))!;

        Assert.That(error.Errors.Select(wrong => wrong.Setting), Is.EquivalentTo(new[] { "Rate", "SlowPercentile", "SlowerThan", "MaxAge", "MaxTraces" }.Select(name => "Telemetry:Traces:TailSampling:" + name)));
    }

    private static SpanProcessor Create(SpanProcessorOptions options, Dictionary<string, object>? resource = null, TimeProvider? clock = null) =>
        options.Create(new SpanProcessorContext(new ServiceCollection().BuildServiceProvider(), resource ?? [], clock ?? TimeProvider.System));

    private static Activity Span(string name, ActivityKind kind = ActivityKind.Internal, int milliseconds = 1)
    {
        using var source = new ActivitySource("span.processor.tests");
        using var listener = new ActivityListener { ShouldListenTo = other => other == source, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        var span = source.StartActivity(name, kind)!;
        span.SetEndTime(span.StartTimeUtc.AddMilliseconds(milliseconds));
        span.Stop();
        return span;
    }
}
