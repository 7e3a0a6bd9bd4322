using System.Diagnostics;
using OtelTelemetry.Tracing;

namespace OtelTelemetry.Tests.Tracing;

public class SpanStartTests : TracingTestBase
{
    private static readonly ActivityContext s_remote = new(
        ActivityTraceId.CreateFromString("0af7651916cd43dd8448eb211c80319c"), ActivitySpanId.CreateFromString("b7ad6b7169203331"), ActivityTraceFlags.Recorded, "vendor=1", isRemote: true);

    [Test]
    public void A_span_stands_below_the_span_it_is_given_and_takes_its_baggage()
    {
        using var parent = Tracer.StartSpan("parent");
        parent.SetBaggage("tenant", "a").SetBaggage("user", "u");
        using var other = Tracer.StartSpan("other");

        using var child = Tracer.StartSpan("child", parent);

        Assert.That(child.Activity!.ParentSpanId, Is.EqualTo(parent.SpanId));
        Assert.That(child.TraceId, Is.EqualTo(parent.TraceId));
        Assert.That((child.GetBaggage("tenant"), child.GetBaggage("user"), child.GetBaggage("none")), Is.EqualTo(("a", "u", (string?)null)));
    }

    [Test]
    public void The_current_span_as_the_parent_is_a_real_parent()
    {
        using var parent = Tracer.StartSpan("parent");
        using var child = Tracer.StartSpan("child", parent);

        Assert.That(child.Activity!.Parent, Is.SameAs(parent.Activity));
    }

    [Test]
    public void A_span_continues_the_trace_of_another_process_with_its_state_and_baggage()
    {
        using var span = Tracer.StartSpan("receive", new ParentContext(s_remote, [new("a", "1"), new("b", "2")]), ActivityKind.Consumer);

        Assert.That(span.TraceId, Is.EqualTo(s_remote.TraceId));
        Assert.That(span.Activity!.ParentSpanId, Is.EqualTo(s_remote.SpanId));
        Assert.That(span.Activity.HasRemoteParent, Is.True);
        Assert.That(span.Activity.TraceStateString, Is.EqualTo("vendor=1"));
        Assert.That(span.Activity.Baggage, Is.EqualTo(new KeyValuePair<string, string?>[] { new("a", "1"), new("b", "2") }));
    }

    [Test]
    public void Without_a_parent_a_new_trace_begins_and_afterwards_the_old_one_goes_on()
    {
        using var outer = Tracer.StartSpan("outer");
        using (var root = Tracer.StartSpan("root", ParentContext.None, links: [new ActivityLink(outer.Context)]))
        {
            Assert.That(root.TraceId, Is.Not.EqualTo(outer.TraceId));
            Assert.That(root.Activity!.ParentSpanId, Is.EqualTo(default(ActivitySpanId)));
            Assert.That(root.Activity.Links.Single().Context, Is.EqualTo(outer.Context));
            Assert.That(Activity.Current, Is.SameAs(root.Activity));
        }

        Assert.That(Activity.Current, Is.SameAs(outer.Activity));
    }

    [Test]
    public void A_new_trace_that_nobody_records_leaves_the_current_span_alone()
    {
        using var outer = Tracer.StartSpan("outer");
        using var unheard = new SimpleTracer("unheard." + Guid.NewGuid().ToString("N"));

        using var root = unheard.StartSpan("root", ParentContext.None);

        Assert.That(root.Activity, Is.Null);
        Assert.That(Activity.Current, Is.SameAs(outer.Activity));
    }

    [Test]
    public void Kind_attributes_and_start_time_are_there_from_the_beginning()
    {
        var start = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.FromHours(2));

        using (var span = Tracer.StartSpan("batch", default, ActivityKind.Producer, [new("size", 7)], startTime: start)) span.End(start.AddSeconds(3));

        var ended = Ended.Single();
        Assert.That((ended.Kind, ended.StartTimeUtc, ended.Duration), Is.EqualTo((ActivityKind.Producer, start.UtcDateTime, TimeSpan.FromSeconds(3))));
        Assert.That(ended.GetTagItem("size"), Is.EqualTo(7));
        Assert.That(AttributesAtStart.Single(), Is.EqualTo(new KeyValuePair<string, object?>("size", 7)));
    }

    [Test]
    public void An_end_before_the_start_counts_as_the_start()
    {
        var start = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        Tracer.StartSpan("odd", default, startTime: start).End(start.AddSeconds(-3));

        Assert.That(Ended.Single().Duration, Is.LessThan(TimeSpan.FromMilliseconds(1)));
    }

    [Test]
    public async Task A_scope_may_be_ended_by_await_using_or_by_the_tracer_and_twice()
    {
        await using (Tracer.StartSpan("one"))
        {
        }

        var two = Tracer.StartSpan("two");
        Tracer.EndSpan(two);
        two.End();
        Assert.That(Ended.Select(span => span.DisplayName), Is.EqualTo(new[] { "one", "two" }));
        Assert.That(two.Duration, Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public void A_tracer_works_over_a_source_that_is_there_already()
    {
        using var source = new ActivitySource(Tracer.Name, "2.0");
        using (var tracer = new SimpleTracer(source))
        using (tracer.StartSpan("from the source"))
        {
        }

        using (new SimpleTracer(source).StartSpan("not disposed with the tracer"))
        {
        }

        Assert.That(Ended.Select(span => span.Source), Is.All.SameAs(source).And.Exactly(2).Items);
    }

    [Test]
    public void Nothing_is_allocated_for_what_nobody_records()
    {
        Listener.Dispose();
        Act();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Act();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Act()
        {
            using var span = Tracer.StartSpan("unheard");
            span.SetAttribute("number", 12345).SetAttribute("text", "a").AddEvent("plain").AddEvent("one", "attempt", 1).SetStatus(ActivityStatusCode.Ok);
            Tracer.Trace("block", 7, static (scope, number) => scope.SetAttribute("n", number));
        }
    }

    [Test]
    public void An_exception_whose_message_throws_harms_nobody()
    {
        using (var span = Tracer.StartSpan("fails")) Assert.That(() => span.RecordException(new SilentException()), Throws.Nothing);
        Assert.That(Ended.Single().Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(Ended.Single().Events.Single().Name, Is.EqualTo("exception"));
    }

    private sealed class SilentException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");

        public override string ToString() => "silent";
    }
}
