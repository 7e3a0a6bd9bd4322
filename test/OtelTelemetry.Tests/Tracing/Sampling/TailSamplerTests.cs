using System.Collections.Concurrent;
using System.Diagnostics;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Tests.Support;
using OtelTelemetry.Tracing.Sampling.Consistent;
using OtelTelemetry.Tracing.Sampling.Tail;

namespace OtelTelemetry.Tests.Tracing.Sampling;

[NonParallelizable]
public sealed class TailSamplerTests
{
    private readonly ConcurrentQueue<Activity> _kept = new();
    private FakeClock _clock = null!;
    private TailSampler? _sampler;

    [SetUp]
    public void Begin()
    {
        _clock = new FakeClock();
        _kept.Clear();
    }

    [TearDown]
    public void End() => _sampler?.Dispose();

    [Test]
    public void Of_ten_thousand_traces_at_once_every_error_and_every_slow_one_is_kept_and_the_rate_of_the_rest()
    {
        const int Traces = 10_000;
        var sampler = Make(new() { Rate = 0.1, SlowerThan = TimeSpan.FromSeconds(1) });
        var roots = new Activity[Traces];
        Parallel.For(0, Traces, i => sampler.Started(roots[i] = Span($"{i}")));
        Assert.That(sampler.OpenTraces, Is.EqualTo(Traces));

        Parallel.For(0, Traces, i =>
        {
            for (var child = 0; child < 3; child++) sampler.Ended(EndedSpan("child", roots[i], error: i % 100 == 0 && child == 1), true);
            sampler.Ended(Finish(roots[i], TimeSpan.FromMilliseconds(i % 100 == 1 ? 1500 : 20)), true);
        });

        var kept = _kept.GroupBy(span => span.TraceId).ToDictionary(trace => trace.Key, trace => trace.Count());
        Assert.That(kept.Values, Has.All.EqualTo(4), "A trace is kept whole.");
        var special = roots.Where((_, i) => i % 100 <= 1).ToList();
        Assert.That(special.Where(root => !kept.ContainsKey(root.TraceId)), Is.Empty);
        var rest = roots.Where((_, i) => i % 100 > 1).ToList();
        var threshold = SamplingThreshold.OfRate(0.1);
        Assert.That(rest.Where(root => kept.ContainsKey(root.TraceId)), Is.EquivalentTo(rest.Where(root => SamplingThreshold.RandomnessOf(root.TraceId) >= threshold)));
        Assert.That((sampler.OpenTraces, sampler.HeldSpans), Is.EqualTo((0, 0)));
    }

    [Test]
    public void A_limit_holds_for_everything_and_leaves_half_of_its_burst_to_what_matters()
    {
        var sampler = Make(new() { Rate = 1, TracesPerSecond = 10, Burst = 20 });

        for (var i = 0; i < 1000; i++) Trace(sampler);
        Assert.That(_kept, Has.Count.EqualTo(10));
        for (var i = 0; i < 1000; i++) Trace(sampler, error: true);
        Assert.That(_kept, Has.Count.EqualTo(20));

        var before = Lost(TailDropReasons.RateLimited);
        for (var second = 0; second < 10; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 100; i++) Trace(sampler, error: true);
        }

        Assert.That(_kept, Has.Count.InRange(119, 121));
        Assert.That(Lost(TailDropReasons.RateLimited) - before, Is.EqualTo(1000 - (_kept.Count - 20)));
    }

    [Test]
    public void What_is_unusually_slow_for_its_route_is_kept()
    {
        var sampler = Make(new() { Rate = 0, SlowerThan = null, SlowPercentile = 0.95, MaxRoutes = 2 });
        var random = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            Trace(sampler, name: "fast", took: TimeSpan.FromMilliseconds(10 + (10 * random.NextDouble())));
            Trace(sampler, name: "slow", took: TimeSpan.FromMilliseconds(1000 + (1000 * random.NextDouble())));
        }

        Assert.That(_kept, Has.Count.LessThan(4000 * 0.06), "About the part above the percentile.");
        _kept.Clear();
        Trace(sampler, name: "fast", took: TimeSpan.FromMilliseconds(200));
        Trace(sampler, name: "slow", took: TimeSpan.FromMilliseconds(200));
        Trace(sampler, name: "slow", took: TimeSpan.FromMilliseconds(5000));
        Trace(sampler, name: "a third route, of which nothing is known", took: TimeSpan.FromMilliseconds(5000));
        Assert.That(_kept.Select(span => (span.DisplayName, span.Duration.TotalMilliseconds)), Is.EqualTo(new[] { ("fast", 200.0), ("slow", 5000.0) }));
    }

    [Test]
    public void Spans_that_come_late_follow_the_decision()
    {
        var sampler = Make(new() { Rate = 0 });
        var (failed, fine) = (Span("root"), Span("root"));
        Activity[] late = [EndedSpan("late", failed), EndedSpan("late", fine, error: true)];
        sampler.Started(failed);
        sampler.Started(fine);
        failed.SetStatus(ActivityStatusCode.Error);
        foreach (var root in new[] { failed, fine }) sampler.Ended(Finish(root, TimeSpan.FromMilliseconds(5)), true);
        var before = Lost(TailDropReasons.SampledOut);

        foreach (var span in late) sampler.Ended(span, true);

        Assert.That(_kept.Select(span => (span.DisplayName, span.TraceId)), Is.EqualTo(new[] { ("root", failed.TraceId), ("late", failed.TraceId) }));
        Assert.That(Lost(TailDropReasons.SampledOut) - before, Is.EqualTo(1));
        Assert.That(fine.Recorded, Is.False, "What starts below it now is not recorded either.");
    }

    [Test]
    public void A_trace_that_was_dropped_and_comes_back_is_kept_if_it_fails_then()
    {
        var sampler = Make(new() { Rate = 0 });
        var first = Trace(sampler);
        var second = Span("second call", new ActivityContext(first.TraceId, first.SpanId, ActivityTraceFlags.Recorded, isRemote: true));
        sampler.Started(second);
        sampler.Ended(EndedSpan("child", second, error: true), true);
        sampler.Ended(Finish(second, TimeSpan.FromMilliseconds(5)), true);
        var third = Span("third call", new ActivityContext(first.TraceId, first.SpanId, ActivityTraceFlags.Recorded, isRemote: true));
        sampler.Started(third);
        sampler.Ended(Finish(third, TimeSpan.FromMilliseconds(5)), true);

        Assert.That(_kept.Select(span => span.DisplayName), Is.EqualTo(new[] { "child", "second call", "third call" }));
        Assert.That((sampler.OpenTraces, sampler.HeldSpans), Is.EqualTo((0, 0)));
    }

    [Test]
    public void In_a_full_trace_the_first_span_and_the_errors_take_the_place_of_others()
    {
        var sampler = Make(new() { Rate = 0, MaxSpansPerTrace = 3 });
        var root = Span("root");
        sampler.Started(root);
        var before = Lost(TailDropReasons.TraceFull);
        for (var i = 0; i < 4; i++) sampler.Ended(EndedSpan($"child {i}", root), true);
        for (var i = 0; i < 4; i++) sampler.Ended(EndedSpan($"error {i}", root, error: true), true);
        sampler.Ended(Finish(root, TimeSpan.FromMilliseconds(5)), true);

        Assert.That(_kept.Select(span => span.DisplayName), Is.EquivalentTo(new[] { "error 0", "error 1", "error 2", "root" }));
        Assert.That(Lost(TailDropReasons.TraceFull) - before, Is.EqualTo(5));
    }

    [Test]
    public void A_flush_lets_go_of_what_is_held_and_a_trace_that_goes_on_may_still_fail()
    {
        var sampler = Make(new() { Rate = 0 });
        var (failed, going) = (Span("failed"), Span("going"));
        sampler.Started(failed);
        sampler.Started(going);
        sampler.Ended(EndedSpan("error", failed, error: true), true);
        sampler.Ended(EndedSpan("child", going), true);

        sampler.Flush();
        Assert.That((_kept.Single().DisplayName, sampler.HeldSpans, sampler.OpenTraces), Is.EqualTo(("error", 0, 1)));
        sampler.Ended(EndedSpan("later error", going, error: true), true);
        sampler.Ended(Finish(failed, TimeSpan.FromMilliseconds(5)), true);
        sampler.Ended(Finish(going, TimeSpan.FromMilliseconds(5)), true);

        Assert.That(_kept.Select(span => span.DisplayName), Is.EqualTo(new[] { "error", "failed", "later error", "going" }));
    }

    [Test]
    public void What_ends_after_the_end_is_counted()
    {
        var sampler = Make(new() { Rate = 1 });
        var root = Span("root");
        sampler.Started(root);
        sampler.Close();
        var before = Lost(TailDropReasons.Shutdown);

        sampler.Ended(Finish(root, TimeSpan.FromMilliseconds(5)), true);

        Assert.That((_kept.Count, sampler.HeldSpans, Lost(TailDropReasons.Shutdown) - before), Is.EqualTo((0, 0, 1)));
    }

    [Test]
    public void A_process_that_calls_itself_is_decided_about_when_the_outermost_span_ends()
    {
        var sampler = Make(new() { Rate = 0 });
        var outer = Span("outer");
        sampler.Started(outer);
        var called = Span("called", new ActivityContext(outer.TraceId, outer.SpanId, ActivityTraceFlags.Recorded, isRemote: true));
        sampler.Started(called);

        sampler.Ended(Finish(called, TimeSpan.FromMilliseconds(1)), true);
        Assert.That((sampler.OpenTraces, sampler.HeldSpans), Is.EqualTo((1, 1)));
        sampler.Ended(Finish(outer, TimeSpan.FromSeconds(5)), true);

        Assert.That(_kept.Select(span => span.DisplayName), Is.EqualTo(new[] { "called", "outer" }));
    }

    [Test]
    public void A_trace_whose_first_span_never_ends_is_decided_about_when_it_is_too_old()
    {
        var sampler = Make(new() { Rate = 0, SlowerThan = null, MaxAge = TimeSpan.FromSeconds(10) });
        var hanging = Span("hanging");
        var failing = Span("failing");
        sampler.Started(hanging);
        sampler.Started(failing);
        sampler.Ended(EndedSpan("child", hanging), true);
        sampler.Ended(EndedSpan("child of the failing", failing, error: true), true);

        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.That((sampler.OpenTraces, _kept.Count), Is.EqualTo((2, 0)));
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.That((sampler.OpenTraces, sampler.HeldSpans), Is.EqualTo((0, 0)));
        Assert.That(_kept.Select(span => span.DisplayName), Is.EqualTo(new[] { "child of the failing" }));
    }

    [Test]
    public void Its_bounds_hold_and_every_span_is_kept_or_counted_by_reason()
    {
        var sampler = Make(new() { Rate = 0, SlowerThan = null, MaxTraces = 50, MaxSpansPerTrace = 10, MaxSpans = 300, MaxDecisions = 20 });
        double before = Lost(TailDropReasons.SampledOut) + Lost(TailDropReasons.TraceFull) + Lost(TailDropReasons.SpansFull), full = Lost(TailDropReasons.TraceFull), all = Lost(TailDropReasons.SpansFull);
        var ended = 0;
        var roots = new Queue<Activity>();
        for (var i = 0; i < 2000; i++)
        {
            var root = Span("root");
            sampler.Started(root);
            roots.Enqueue(root);
            for (var child = 0; child < 12; child++, ended++) sampler.Ended(EndedSpan("child", root, error: i % 50 == 0 && child == 11), true);
            Assert.That((sampler.OpenTraces, sampler.HeldSpans), Is.LessThanOrEqualTo((50, 300)));
            if (roots.Count <= 80) continue;
            sampler.Ended(Finish(roots.Dequeue(), TimeSpan.FromMilliseconds(1)), true);
            ended++;
        }

        sampler.Close();

        Assert.That(Lost(TailDropReasons.TraceFull), Is.GreaterThan(full));
        Assert.That(Lost(TailDropReasons.SpansFull), Is.GreaterThan(all));
        Assert.That(_kept, Is.Not.Empty, "An error decides also where its own span found no room.");
        Assert.That(_kept.Count + Lost(TailDropReasons.SampledOut) + Lost(TailDropReasons.TraceFull) + Lost(TailDropReasons.SpansFull) - before, Is.EqualTo(ended));
        Assert.That((sampler.OpenTraces, sampler.HeldSpans), Is.EqualTo((0, 0)));
    }

    [Test]
    public void It_stays_within_the_memory_it_states()
    {
        const int Traces = 20_000, SpansEach = 5;
        var sampler = Make(new() { Rate = 0, SlowerThan = null, MaxDecisions = Traces });
        var roots = Enumerable.Range(0, Traces).Select(_ => Span("root")).ToArray();
        var spans = roots.Select(root => Enumerable.Range(0, SpansEach).Select(_ => EndedSpan("child", root)).ToArray()).ToArray();
        foreach (var root in roots) Finish(root, TimeSpan.FromMilliseconds(1));
        var empty = Bytes();

        for (var i = 0; i < Traces; i++)
        {
            sampler.Started(roots[i]);
            foreach (var span in spans[i]) sampler.Ended(span, true);
        }

        var held = Bytes() - empty;
        Assert.That((sampler.OpenTraces, sampler.HeldSpans), Is.EqualTo((Traces, Traces * SpansEach)));
        foreach (var root in roots) sampler.Ended(root, true);
        var decided = Bytes() - empty;

        TestContext.Out.WriteLine($"{held / (double)Traces:0} B for a trace of {SpansEach} spans, {decided / (double)Traces:0} B for a decision");
        Assert.That(held, Is.InRange(Traces * 100, Traces * (TailSampler.BytesPerTrace + (SpansEach * TailSampler.BytesPerSpan))));
        Assert.That(decided, Is.InRange(Traces * 50, Traces * TailSampler.BytesPerTrace));
        GC.KeepAlive(spans);

        static long Bytes() => GC.GetTotalMemory(forceFullCollection: true);
    }

    [Test]
    public void The_rate_is_put_to_a_threshold_that_is_known_and_none_is_made_up()
    {
        var sampler = Make(new() { Rate = 0.25 });
        for (var i = 0; i < 200; i++)
        {
            Trace(sampler, state: "v=1,ot=th:8");
            Trace(sampler, name: "failed", error: true, state: "ot=th:8");
            Trace(sampler, name: "unknown", state: "v=1");
        }

        Assert.That(_kept.Where(span => span.DisplayName == "root").Select(span => span.TraceStateString).Distinct(), Is.EqualTo(new[] { "ot=th:c,v=1" }));
        Assert.That(_kept.Where(span => span.DisplayName == "failed").Select(span => span.TraceStateString).Distinct(), Is.EqualTo(new[] { "ot=th:8" }));
        Assert.That(_kept.Where(span => span.DisplayName == "unknown").Select(span => span.TraceStateString).Distinct(), Is.EqualTo(new[] { "v=1" }));
    }

    [Test]
    public void What_decides_can_change_and_a_limit_goes_on()
    {
        var sampler = Make(new() { Rate = 1, TracesPerSecond = 1, Burst = 2 });
        for (var i = 0; i < 5; i++) Trace(sampler, error: true);
        Assert.That(_kept, Has.Count.EqualTo(2));

        sampler.Change(new() { Rate = 0, TracesPerSecond = 1, Burst = 2 });
        Trace(sampler, error: true);
        Assert.That(_kept, Has.Count.EqualTo(2), "The limit did not begin anew.");
        sampler.Change(new() { Rate = 0 });
        Trace(sampler);
        Trace(sampler, error: true);

        Assert.That(_kept, Has.Count.EqualTo(3));
    }

    private TailSampler Make(TailSamplingOptions options) => _sampler = new TailSampler(options, _kept.Enqueue, _clock);

    private static double Lost(string reason) => TelemetryLosses.Counted("traces", TailDropReasons.Component, reason);

    /// <summary>A trace of one span, from start to end.</summary>
    private static Activity Trace(TailSampler sampler, string name = "root", bool error = false, TimeSpan? took = null, string? state = null)
    {
        var root = Span(name);
        root.TraceStateString = state;
        sampler.Started(root);
        if (error) root.SetStatus(ActivityStatusCode.Error);
        sampler.Ended(Finish(root, took ?? TimeSpan.FromMilliseconds(5)), true);
        return root;
    }

    private static Activity Span(string name, ActivityContext parent = default)
    {
        var span = new Activity(name);
        if (parent != default) span.SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags);
        return Begin(span);
    }

    private static Activity EndedSpan(string name, Activity parent, bool error = false)
    {
        Activity.Current = parent;
        var span = Begin(new Activity(name));
        if (error) span.SetStatus(ActivityStatusCode.Error);
        return Finish(span, TimeSpan.FromMilliseconds(1));
    }

    private static Activity Begin(Activity span)
    {
        span.SetIdFormat(ActivityIdFormat.W3C).Start();
        span.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        Activity.Current = null;
        return span;
    }

    private static Activity Finish(Activity span, TimeSpan took)
    {
        span.SetEndTime(span.StartTimeUtc + took);
        span.Stop();
        Activity.Current = null;
        return span;
    }
}
