using System.Diagnostics;
using OtelTelemetry.Tracing;

namespace OtelTelemetry.Tests.Tracing;

public class SimpleTracerTests
{
    private readonly List<Activity> _ended = [];
    private SimpleTracer _tracer = null!;
    private ActivityListener _listener = null!;

    [SetUp]
    public void Listen()
    {
        _ended.Clear();
        _tracer = new SimpleTracer("test." + Guid.NewGuid().ToString("N"));
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == _tracer.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [TearDown]
    public void Stop()
    {
        _listener.Dispose();
        _tracer.Dispose();
    }

    [Test]
    public void A_span_is_an_activity_with_all_that_was_set()
    {
        using (var span = _tracer.StartSpan("charge", ActivityKind.Client))
        {
            span.SetAttribute("payment.amount", 12.5).AddEvent("sent", ("attempt", 1)).SetStatus(ActivityStatusCode.Ok);
        }

        var activity = _ended.Single();
        Assert.That(activity.OperationName, Is.EqualTo("charge"));
        Assert.That(activity.Kind, Is.EqualTo(ActivityKind.Client));
        Assert.That(activity.GetTagItem("payment.amount"), Is.EqualTo(12.5));
        Assert.That(activity.Events.Single().Name, Is.EqualTo("sent"));
        Assert.That(activity.Events.Single().Tags.Single(), Is.EqualTo(new KeyValuePair<string, object?>("attempt", 1)));
        Assert.That(activity.Status, Is.EqualTo(ActivityStatusCode.Ok));
    }

    [Test]
    public void Inner_spans_are_children()
    {
        using (var outer = _tracer.StartSpan("outer"))
        using (var inner = _tracer.StartSpan("inner"))
        {
            Assert.That(inner.Activity!.ParentSpanId, Is.EqualTo(outer.Activity!.SpanId));
        }

        Assert.That(_ended.Select(activity => activity.OperationName), Is.EqualTo(new[] { "inner", "outer" }));
    }

    [Test]
    public void An_exception_marks_the_span()
    {
        using (var span = _tracer.StartSpan("fails")) span.RecordException(new InvalidOperationException("no"));
        var activity = _ended.Single();
        Assert.That(activity.Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(activity.GetTagItem("error.type"), Is.EqualTo("System.InvalidOperationException"));
        Assert.That(activity.Events.Single().Name, Is.EqualTo("exception"));
    }

    [Test]
    public void The_same_members_serve_an_activity_of_any_source()
    {
        using var source = new ActivitySource(_tracer.Name);
        using (var span = new SpanScope(source.StartActivity("count"))) span.SetAttribute("stock.place", "Hamburg");
        Assert.That(_ended.Single().GetTagItem("stock.place"), Is.EqualTo("Hamburg"));
    }

    [Test]
    public void With_nobody_listening_nothing_happens_and_nothing_throws()
    {
        _listener.Dispose();
        using var span = _tracer.StartSpan("unheard");
        Assert.That(span.IsRecording, Is.False);
        Assert.That(
            () => span.SetAttribute("a", 1).AddEvent("e").RecordException(new TimeoutException()).SetStatus(ActivityStatusCode.Error), Throws.Nothing);
    }
}
