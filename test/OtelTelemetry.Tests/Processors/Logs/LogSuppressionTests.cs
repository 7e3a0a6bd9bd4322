using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Processors.Logs;
using OtelTelemetry.Processors.Logs.Deduplicate;
using OtelTelemetry.Processors.Logs.RateLimit;
using OtelTelemetry.Processors.Logs.Redact;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Processors.Logs;

/// <summary>Records of one kind are limited, and what is left out is said: the numbers add up.</summary>
[NonParallelizable]
public sealed class LogSuppressionTests
{
    private FakeClock _clock = null!;

    [SetUp]
    public void MakeClock() => _clock = new FakeClock();

    [Test]
    public async Task The_first_ones_pass_and_one_record_says_how_many_did_not()
    {
        using var host = LogHost.Start(_clock, new LogRateLimitOptions { MaxRecords = 3, Period = TimeSpan.FromSeconds(10) });
        for (var i = 0; i < 10; i++) host.Logger.LogError(new EventId(7, "db"), "cannot reach {Host}", "db" + i);
        _clock.Advance(TimeSpan.FromSeconds(10));
        host.Logger.LogError(new EventId(7, "db"), "cannot reach {Host}", "db10");
        await host.StopAsync();

        Assert.That(host.Lines.Select(line => line.Message), Is.EqualTo(new[] { "cannot reach db0", "cannot reach db1", "cannot reach db2", "Suppressed 7 times in 10 s: cannot reach {Host}", "cannot reach db10" }));
        var summary = host.Lines[3];
        Assert.That((summary.Category, summary.Level, summary.EventId, summary[LogSummaries.CountAttribute], summary[LogSummaries.SecondsAttribute]), Is.EqualTo(("Shop.Orders", LogLevel.Error, new EventId(7), (object)7L, (object)10.0)));
        Assert.That((summary.EventId.Name, summary.Body), Is.EqualTo(("db", "Suppressed {suppressed.count} times in {suppressed.seconds} s: {suppressed.what}")));
    }

    [Test]
    public async Task Kinds_are_told_apart_by_event_id_or_else_by_template()
    {
        using var host = LogHost.Start(_clock, new LogRateLimitOptions { MaxRecords = 1 });
        for (var i = 0; i < 2; i++)
        {
            host.Logger.LogInformation("a {N}", i);
            host.Logger.LogInformation("b {N}", i);
            host.Logger.LogInformation(1, "a {N}", i);
            host.Logger.LogInformation(1, "other text {N}", i);
            host.Logger.LogInformation(2, "a {N}", i);
            host.LoggerOf("Other").LogInformation("a {N}", i);
        }

        Assert.That(host.Lines.Select(line => line.Message), Is.EqualTo(new[] { "a 0", "b 0", "a 0", "a 0", "a 0" }));
        await host.StopAsync();
        Assert.That(Logged(host), Is.EqualTo(12));
    }

    [Test]
    public async Task A_kind_that_comes_no_more_is_reported_by_the_clock()
    {
        using var host = LogHost.Start(_clock, new LogRateLimitOptions { MaxRecords = 1, Period = TimeSpan.FromSeconds(5) });
        for (var i = 0; i < 4; i++) host.Logger.LogInformation("once");
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.That(host.Lines[^1].Message, Is.EqualTo("Suppressed 3 times in 5 s: once"));
        _clock.Advance(TimeSpan.FromSeconds(5));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That(host.Lines, Has.Count.EqualTo(2), "Nothing more to say.");
        await host.StopAsync();
    }

    [Test]
    public async Task A_flush_reports_and_the_limit_goes_on()
    {
        using var host = LogHost.Start(_clock, new LogRateLimitOptions { MaxRecords = 1 });
        for (var i = 0; i < 4; i++) host.Logger.LogInformation("once");
        host.Flush();
        for (var i = 0; i < 4; i++) host.Logger.LogInformation("once");
        await host.StopAsync();

        Assert.That(host.Lines.Select(line => line[LogSummaries.CountAttribute]), Is.EqualTo(new object?[] { null, 3L, 4L }));
    }

    [Test]
    public async Task The_numbers_add_up_with_many_threads_and_periods_and_at_the_end()
    {
        const int Threads = 8;
        const int Each = 50_000;
        var before = TelemetryLosses.Counted("logs", LogPipeline.Component, "rate_limited");
        using var host = LogHost.Start(
            builder =>
            {
                builder.Logging.AddFilter("OtelTelemetry", LogLevel.None); // What the library says of other tests in this process would be one of the other kinds.
                builder.AddPepperTelemetry(options => options.Logs.Processors.Add(new LogRateLimitOptions { MaxRecords = 5, Period = TimeSpan.FromSeconds(1), MaxKinds = 3 }));
            },
            clock: _clock);
        var threads = Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                // Six kinds, of which three are told apart.
                host.Logger.LogWarning(new EventId(1 + (i % 6)), "again {Thread}", t);
                if (i % 1000 == 0) _clock.Advance(TimeSpan.FromSeconds(0.3));
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        await host.StopAsync();

        Assert.That(Logged(host), Is.EqualTo(Threads * Each));
        var kept = host.Lines.Count(line => line[LogSummaries.CountAttribute] is null);
        Assert.That(kept, Is.LessThan(Threads * Each / 10));
        Assert.That(TelemetryLosses.Counted("logs", LogPipeline.Component, "rate_limited") - before, Is.EqualTo(Threads * Each - kept));
    }

    [Test]
    public async Task A_loop_that_logs_the_same_error_leaves_the_first_ones_and_sums()
    {
        var records = TestContext.Parameters.Get("records", 1_000_000);
        using var host = LogHost.Start(new LogRateLimitOptions { MaxRecords = 10 });
        for (var i = 0; i < records; i++) host.Logger.LogError("the same");
        await host.StopAsync();

        TestContext.Out.WriteLine($"{host.Lines.Count} lines stand for {Logged(host)} records");
        Assert.That(Logged(host), Is.EqualTo(records));
        Assert.That(host.Lines, Has.Count.LessThan(200));
        Assert.That(host.Lines.Take(10).Select(line => line.Message), Is.All.EqualTo("the same"));
    }

    [Test]
    public async Task What_a_summary_repeats_is_redacted_whatever_comes_first([Values] bool redactFirst)
    {
        var (limit, redact) = (new LogRateLimitOptions { MaxRecords = 1 }, new RedactLogsOptions());
        using var host = redactFirst ? LogHost.Start(_clock, redact, limit) : LogHost.Start(_clock, limit, redact);
        for (var i = 0; i < 3; i++) host.Logger.LogInformation(5, "to ann@example.com");
        await host.StopAsync();

        Assert.That(host.Lines.Select(line => line.Message), Is.EqualTo(new[] { "to [redacted]", "Suppressed 2 times in 0 s: to [redacted]" }));
        Assert.That(host.Exported.Everything, Does.Not.Contain("ann@"));
    }

    [Test]
    public async Task Exceptions_of_the_same_stack_come_once()
    {
        using var host = LogHost.Start(_clock, new DeduplicateExceptionsOptions { Period = TimeSpan.FromSeconds(30) });
        for (var i = 0; i < 5; i++) host.Logger.LogError(Thrown(Here, i), "failed {N}", i);
        host.Logger.LogError(Thrown(There, 5), "failed {N}", 5);
        host.LoggerOf("Other").LogWarning(Thrown(Here, 6), "gave up {N}", 6);
        for (var i = 7; i < 9; i++) host.Logger.LogError(new InvalidOperationException("never thrown"), "failed {N}", i);
        host.Logger.LogError("no exception {N}", 9);
        _clock.Advance(TimeSpan.FromSeconds(30));
        host.Logger.LogError(Thrown(Here, 10), "failed {N}", 10);
        await host.StopAsync();

        Assert.That(host.Lines.Where(line => line[LogSummaries.CountAttribute] is null).Select(line => line["N"]), Is.EqualTo(new object[] { 0, 5, 7, 8, 9, 10 }));
        Assert.That(host.Lines.Single(line => line[LogSummaries.CountAttribute] is not null).Message, Is.EqualTo("Suppressed 5 times in 30 s: System.InvalidOperationException"));
        Assert.That(Logged(host), Is.EqualTo(11));
    }

    private static long Logged(LogHost host) => host.Lines.Sum(line => line[LogSummaries.CountAttribute] as long? ?? 1);

    private static Exception Thrown(Action<int> action, int number)
    {
        try
        {
            action(number);
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }

        throw new InvalidOperationException("It did not throw.");
    }

    [DoesNotReturn]
    private static void Here(int number) => throw new InvalidOperationException("number " + number);

    [DoesNotReturn]
    private static void There(int number) => throw new InvalidOperationException("number " + number);
}
