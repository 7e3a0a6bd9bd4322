using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tracing;
using OtelTelemetry.Tracing.Observations;

namespace OtelTelemetry.Tests.Tracing.Observations;

public class ObservationTests : TracingTestBase
{
    [Test]
    public void One_call_gives_a_span_and_a_duration_by_its_labels()
    {
        var orders = new Observation(Metrics, Tracer, "order.process", "channel");

        using (var order = orders.Start("web"))
        {
            order.SetAttribute("order.id", 4711).SetAttribute("customer", "c-1");
            Clock.Advance(TimeSpan.FromSeconds(0.25));
        }

        var span = Ended.Single();
        Assert.That((span.DisplayName, span.GetTagItem("channel"), span.GetTagItem("order.id"), span.GetTagItem("customer")), Is.EqualTo(("order.process", (object)"web", (object)4711, (object)"c-1")));
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Unset));
        var duration = Metrics.GetHistogram("order.process.duration").Get("web")!;
        Assert.That((duration.Count, duration.Sum), Is.EqualTo((1L, 0.25)));
        Assert.That(Metrics.GetCounter("order.process.errors").Get("web", "any"), Is.Zero);
    }

    [Test]
    public void A_failure_is_counted_by_its_type_and_marks_the_span()
    {
        var orders = new Observation(Metrics, Tracer, "order.process", "channel");

        using (var order = orders.Start("web")) order.Fail(new TimeoutException("slow"));
        using (var order = orders.With("app").Start()) order.Fail("card_declined", "The card was declined.");

        var errors = Metrics.GetCounter("order.process.errors");
        Assert.That((errors.Get("web", "System.TimeoutException"), errors.Get("app", "card_declined")), Is.EqualTo((1d, 1d)));
        Assert.That(Ended.Select(span => (span.Status, span.StatusDescription, span.GetTagItem("error.type"))), Is.EqualTo(new[]
        {
            (ActivityStatusCode.Error, "slow", (object)"System.TimeoutException"),
            (ActivityStatusCode.Error, "The card was declined.", (object)"card_declined"),
        }));
        Assert.That(Metrics.GetHistogram("order.process.duration").Get("app")!.Count, Is.EqualTo(1), "Failures have a duration too.");
    }

    [Test]
    public async Task Blocks_end_by_themselves_and_exceptions_are_counted_and_go_on()
    {
        var work = new Observation(Metrics, Tracer, "work").With();
        work.Observe(_ => { });
        Assert.That(work.Observe(_ => 3), Is.EqualTo(3));
        Assert.That(work.Observe(4, static (_, state) => state), Is.EqualTo(4));
        await work.Observe(async _ => await Task.Yield());
        Assert.That(await work.ObserveAsync(async _ =>
        {
            await Task.Yield();
            return 5;
        }), Is.EqualTo(5));
        Assert.Throws<FormatException>(() => work.Observe(int (_) => throw new FormatException()));
        Assert.ThrowsAsync<FormatException>(() => work.ObserveAsync(_ => throw new FormatException()));

        Assert.That(Metrics.GetHistogram("work.duration").Get()!.Count, Is.EqualTo(7));
        Assert.That(Metrics.GetCounter("work.errors").Get("System.FormatException"), Is.EqualTo(2));
        Assert.That(Ended.Count(span => span.Status == ActivityStatusCode.Error), Is.EqualTo(2));
    }

    [Test]
    public void Names_for_Prometheus_are_those_of_the_conventions()
    {
        using (var order = new Observation(Metrics, Tracer, "order.process", "channel").Start("web")) order.Fail("late");
        var exporter = new PrometheusExporter();
        exporter.Export(Metrics.CollectAll());

        Assert.That(exporter.GetMetricsText(), Does.Contain("order_process_duration_seconds_count{channel=\"web\"} 1\n").And.Contains("order_process_errors_total{channel=\"web\",error_type=\"late\"} 1\n"));
    }

    [Test]
    public void Without_listeners_the_metrics_are_there_all_the_same_and_nothing_is_allocated()
    {
        Listener.Dispose();
        var orders = new Observation(Metrics, Tracer, "order.process", "channel");
        Act();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Act();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(Metrics.GetHistogram("order.process.duration").Get("web")!.Count, Is.EqualTo(1001));

        void Act()
        {
            using var order = orders.Start("web");
            order.SetAttribute("order.id", 4711);
        }
    }

    [Test]
    public void A_log_record_tells_how_it_ended()
    {
        var log = new LogSpy();
        var orders = new Observation(Metrics, Tracer, new ObservationOptions("order.process") { LabelNames = ["channel"], Logger = log, LogLevel = LogLevel.Debug });
        using (orders.Start("web")) Clock.Advance(TimeSpan.FromSeconds(2));
        using (var order = orders.Start("web")) order.Fail(new TimeoutException("slow"));

        Assert.That(log.Records.Select(record => (record.Level, record.Text)), Is.EqualTo(new[]
        {
            (LogLevel.Debug, "order.process took 2 s"),
            (LogLevel.Error, "order.process failed after 0 s: System.TimeoutException"),
        }));
        Assert.That(log.Records[0].State, Is.SupersetOf(new KeyValuePair<string, object?>[] { new("observation", "order.process"), new("duration", 2d), new("channel", "web") }));
        Assert.That(log.Records.Select(record => record.Span), Is.EqualTo(Ended), "It belongs to the span.");
        Assert.That(log.Records[1].Exception, Is.TypeOf<TimeoutException>());
    }

    [Test]
    public void A_logger_that_throws_and_a_wrong_number_of_labels_harm_nobody()
    {
        var orders = new Observation(Metrics, Tracer, new ObservationOptions("order.process") { LabelNames = ["channel"], Logger = new LogSpy { Throws = true } });

        Assert.That(() => orders.Start("web").Dispose(), Throws.Nothing);
        Assert.That(() => orders.Start("web", "too", "many").Fail("x"), Throws.Nothing);
        Assert.That(() => orders.With().Start().Fail(new TimeoutException()), Throws.Nothing);
        Assert.That(() => default(ObservationScope).Dispose(), Throws.Nothing);
    }

    [Test]
    public void Another_metric_of_one_of_the_names_is_told_at_once()
    {
        Metrics.CreateGauge("order.process.duration");
        Assert.That(() => new Observation(Metrics, Tracer, "order.process"), Throws.InstanceOf<DuplicateMetricException>());
    }

    [Test]
    public async Task Telemetry_makes_observations_whose_spans_are_recorded()
    {
        var name = "observed." + Guid.NewGuid().ToString("N");
        await using var telemetry = await TelemetryManager.StartAsync(configuration: new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Telemetry:ServiceName", name), new("Telemetry:Traces:Store:Capacity", "5"), new("Telemetry:Prometheus:Enabled", "false"),
        ]).Build());

        telemetry.CreateObservation("job", "kind").Start("nightly").Dispose();

        Assert.That(telemetry.Spans.GetSpans(name).Single().GetAttribute("kind"), Is.EqualTo("nightly"));
        Assert.That(telemetry.Metrics.GetHistogram("job.duration").Get("nightly")!.Count, Is.EqualTo(1));
    }

    private sealed class LogSpy : ILogger
    {
        public List<(LogLevel Level, string Text, IReadOnlyList<KeyValuePair<string, object?>> State, Exception? Exception, Activity? Span)> Records { get; } = [];

        public bool Throws { get; init; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => Throws ? throw new InvalidOperationException("A logger of no use.") : true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Records.Add((logLevel, formatter(state, exception), (IReadOnlyList<KeyValuePair<string, object?>>)state!, exception, Activity.Current));
    }
}
