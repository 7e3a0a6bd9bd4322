using System.Diagnostics;
using System.Linq.Expressions;

namespace OtelTelemetry.Tests.Generators;

public class TracedMethodTests
{
    private readonly List<Activity> _ended = [];
    private readonly MeasuredShop _shop = new();
    private ActivityListener _listener = null!;

    [SetUp]
    public void Listen()
    {
        _ended.Clear();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MeasuredShop.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (_ended) _ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [TearDown]
    public void Stop() => _listener.Dispose();

    [Test]
    public void A_call_is_a_span_with_the_arguments_that_are_marked()
    {
        Assert.That(_shop.Add(1, "22", "password"), Is.EqualTo(11));

        var span = _ended.Single();
        Assert.That(span.OperationName, Is.EqualTo("MeasuredShop.Add"));
        Assert.That(span.Kind, Is.EqualTo(ActivityKind.Client));
        Assert.That(span, Is.SameAs(_shop.Seen));
        Assert.That(span.TagObjects, Is.EquivalentTo(new KeyValuePair<string, object?>[]
        {
            new("code.function.name", "OtelTelemetry.Tests.Generators.MeasuredShop.Add"), new("first_amount", 1), new("second", "22"),
        }));
        Assert.That(Activity.Current, Is.Null);
    }

    [Test]
    public void An_exception_is_recorded_and_goes_on_with_its_stack()
    {
        var thrown = Assert.Throws<InvalidOperationException>(() => MeasuredShop.Static())!;

        Assert.That(thrown.StackTrace, Does.Contain("MeasuredShop.Static()"));
        var span = _ended.Single();
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(span.GetTagItem("error.type"), Is.EqualTo("System.InvalidOperationException"));
        Assert.That(span.Events.Single().Name, Is.EqualTo("exception"));
    }

    [Test]
    public async Task A_task_is_measured_until_it_is_over_and_the_caller_is_outside()
    {
        var until = new TaskCompletionSource();
        var running = _shop.TaskAsync(until.Task);

        Assert.That(Activity.Current, Is.Null);
        Assert.That(_ended, Is.Empty);
        var inside = _shop.Seen;
        Assert.That(inside?.OperationName, Is.EqualTo("task"));
        until.SetResult();
        await running;
        Assert.That(_ended.Single(), Is.SameAs(inside));
        Assert.That(_shop.Seen, Is.SameAs(inside));
    }

    [Test]
    public async Task Every_kind_of_task_gives_its_result()
    {
        await _shop.TaskAsync(Task.CompletedTask);
        Assert.That(await _shop.ResultAsync(Task.CompletedTask), Is.EqualTo(42));
        Assert.That(await _shop.ResultAsync(Later()), Is.EqualTo(42));
        await _shop.ValueAsync(Task.CompletedTask);
        await _shop.ValueAsync(Later());
        Assert.That(await _shop.ValueResultAsync(Task.CompletedTask), Is.EqualTo("done"));
        Assert.That(await _shop.ValueResultAsync(Later()), Is.EqualTo("done"));

        Assert.That(_ended.Select(span => span.OperationName), Is.EqualTo(new[]
        {
            "task", "task of result", "task of result", "value task", "value task", "value task of result", "value task of result",
        }));
        Assert.That(_ended.Select(span => span.Status), Is.All.EqualTo(ActivityStatusCode.Unset));

        static async Task Later() => await Task.Yield();
    }

    [Test]
    public void Every_kind_of_task_gives_its_exception()
    {
        var failed = Task.FromException(new IOException("away"));
        Assert.That(async () => await _shop.TaskAsync(failed), Throws.TypeOf<IOException>());
        Assert.That(async () => await _shop.ResultAsync(failed), Throws.TypeOf<IOException>());
        Assert.That(async () => await _shop.ValueAsync(failed), Throws.TypeOf<IOException>());
        Assert.That(async () => await _shop.ValueResultAsync(failed), Throws.TypeOf<IOException>());

        Assert.That(_ended.Select(span => span.StatusDescription), Is.EqualTo(new[] { "away", "away", "away", "away" }));
    }

    [Test]
    public void A_cancelled_task_stays_cancelled()
    {
        var running = _shop.TaskAsync(Task.FromCanceled(new CancellationToken(canceled: true)));

        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(running.IsCanceled);
        Assert.That(_ended.Single().Status, Is.EqualTo(ActivityStatusCode.Error));
    }

    [Test]
    public void A_method_that_checks_its_arguments_before_the_task_still_throws_at_once()
    {
        Assert.That(() => { _ = _shop.NotAsync(-1); }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(_ended.Single().Status, Is.EqualTo(ActivityStatusCode.Error));
    }

    [Test]
    public void Generic_methods_and_types_are_measured()
    {
        Assert.That(MeasuredShop.Generic(new MemoryStream(), 7), Is.EqualTo(7));
        Assert.That(new MeasuredShop.Box<string>("book").With(3), Is.EqualTo(("book", 3)));

        Assert.That(_ended.Select(span => span.OperationName), Is.EqualTo(new[] { "generic", "generic type" }));
        Assert.That(_ended[0].GetTagItem("other"), Is.EqualTo(7));
    }

    [Test]
    public void References_go_through()
    {
        var value = 1;
        ref var result = ref MeasuredShop.References(ref value, 2, out var made, "text", 1, 2, 3);
        result++;

        Assert.That((value, made), Is.EqualTo((7, "text")));
        Assert.That(_ended, Has.Count.EqualTo(1));
    }

    [Test]
    public void Structs_extensions_interfaces_and_conditional_calls_are_measured()
    {
        var point = new MeasuredShop.Point(4);
        IMeasuredDesk? desk = _shop;
        IMeasuredDesk? none = null;

        Assert.That(point.Twice(), Is.EqualTo(8));
        Assert.That("abc".Length(1), Is.EqualTo(4));
        Assert.That(MeasuredExtensions.Length("abc", 2), Is.EqualTo(5));
        Assert.That(desk?.Answer("why"), Is.EqualTo("why!"));
        Assert.That(none?.Answer("why"), Is.Null);

        Assert.That(_ended.Select(span => span.OperationName), Is.EqualTo(new[] { "struct", "extension", "extension", "desk.answer" }));
    }

    [Test]
    public void A_call_in_an_expression_stays_what_it_is()
    {
        Expression<Func<IMeasuredDesk, string>> expression = desk => desk.Answer("why");

        Assert.That(((MethodCallExpression)expression.Body).Method.DeclaringType, Is.EqualTo(typeof(IMeasuredDesk)));
    }

    [Test]
    public void Without_a_listener_a_call_allocates_nothing()
    {
        _listener.Dispose();
        for (var i = 0; i < 100; i++) _shop.Add(1, "22", "x");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _shop.Add(1, "22", "x");

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(_ended, Is.Empty);
    }
}
