using System.Diagnostics;
using OtelTelemetry.Tracing;

namespace OtelTelemetry.Tests.Tracing;

/// <summary>Blocks of code as spans, and exceptions that leave them.</summary>
public class TraceBlockTests : TracingTestBase
{
    [Test]
    public void A_block_is_a_span_and_its_result_comes_back()
    {
        Tracer.Trace("action", span => { span.SetAttribute("a", 1); });
        Assert.That(Tracer.Trace("function", span => span.Activity!.DisplayName), Is.EqualTo("function"));
        Tracer.Trace("action with state", 7, static (span, state) => { span.SetAttribute("state", state); }, ActivityKind.Client);
        Assert.That(Tracer.Trace("function with state", 7, static (_, state) => state + 1), Is.EqualTo(8));

        Assert.That(Ended.Select(span => span.DisplayName), Is.EqualTo(new[] { "action", "function", "action with state", "function with state" }));
        Assert.That((Ended[2].GetTagItem("state"), Ended[2].Kind), Is.EqualTo(((object)7, ActivityKind.Client)));
        Assert.That(Ended.Select(span => span.Status), Is.All.EqualTo(ActivityStatusCode.Unset));
    }

    [Test]
    public async Task An_asynchronous_block_ends_when_it_is_done()
    {
        var going = new TaskCompletionSource();
        var task = Tracer.Trace("lambda", async span =>
        {
            await going.Task;
            span.SetAttribute("after", true);
        });
        var number = Tracer.Trace("value", async _ =>
        {
            await going.Task;
            return 5;
        });
        var valueTask = Tracer.Trace("value task", _ => new ValueTask(going.Task));
        var valueTaskResult = Tracer.Trace("value task of", _ => new ValueTask<int>(Six(going.Task)));
        var state = Tracer.TraceAsync("state", going, static async (_, going) => await going.Task);
        Assert.That(Ended, Is.Empty);
        Assert.That(Activity.Current, Is.Null, "The caller's current span is not the block's.");

        going.SetResult();
        await Task.WhenAll(task, valueTask, state);

        Assert.That((await number, await valueTaskResult), Is.EqualTo((5, 6)));
        Assert.That(Ended.Select(span => span.DisplayName), Is.EquivalentTo(new[] { "lambda", "value", "value task", "value task of", "state" }));
        Assert.That(Ended.Single(span => span.DisplayName == "lambda").GetTagItem("after"), Is.EqualTo(true));
    }

    [Test]
    public void An_exception_marks_the_span_and_goes_on_with_its_stack()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Tracer.Trace("fails", _ => { Throw(); }))!;

        AssertMarked(exception);
        Assert.That(exception.StackTrace, Does.Contain(nameof(Throw)));
    }

    [Test]
    public void An_exception_of_an_asynchronous_block_marks_the_span_and_goes_on_with_its_stack()
    {
        var exception = Assert.ThrowsAsync<InvalidOperationException>(() => Tracer.TraceAsync("fails", async span =>
        {
            await Task.Yield();
            Throw();
        }))!;

        AssertMarked(exception);
        Assert.That(exception.StackTrace, Does.Contain(nameof(Throw)));
    }

    [Test]
    public void Every_form_marks_the_span()
    {
        Assert.Throws<TimeoutException>(() => Tracer.Trace("function", int (_) => throw new TimeoutException()));
        Assert.Throws<TimeoutException>(() => Tracer.Trace("state", 1, void (_, _) => throw new TimeoutException()));
        Assert.Throws<TimeoutException>(() => Tracer.Trace("function with state", 1, int (_, _) => throw new TimeoutException()));
        Assert.ThrowsAsync<TimeoutException>(() => Tracer.TraceAsync("async", Task<int> (_) => throw new TimeoutException()));
        Assert.ThrowsAsync<TimeoutException>(() => Tracer.TraceAsync("async with state", 1, Task<int> (_, _) => throw new TimeoutException()));
        Assert.ThrowsAsync<TaskCanceledException>(() => Tracer.TraceAsync("cancelled", _ => Task.FromCanceled(new CancellationToken(true))));

        Assert.That(Ended, Has.Count.EqualTo(6));
        Assert.That(Ended.Select(span => span.Status), Is.All.EqualTo(ActivityStatusCode.Error));
        Assert.That(Ended.Select(span => (string)span.GetTagItem("error.type")!).Distinct(), Is.EquivalentTo(new[] { "System.TimeoutException", "System.Threading.Tasks.TaskCanceledException" }));
    }

    private void AssertMarked(Exception exception)
    {
        var span = Ended.Single();
        Assert.That((span.Status, span.StatusDescription), Is.EqualTo((ActivityStatusCode.Error, exception.Message)));
        Assert.That(span.GetTagItem("error.type"), Is.EqualTo("System.InvalidOperationException"));
        Assert.That(span.Events.Single().Name, Is.EqualTo("exception"));
    }

    private static async Task<int> Six(Task first)
    {
        await first;
        return 6;
    }

    private static void Throw() => throw new InvalidOperationException("It does not work.");
}
