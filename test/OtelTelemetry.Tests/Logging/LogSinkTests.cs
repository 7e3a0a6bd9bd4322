using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Logging.Formats;
using OtelTelemetry.Logging.Sinks;
using OtelTelemetry.Logging.Sinks.Console;
using OtelTelemetry.Logging.Sinks.Queue;
using OtelTelemetry.Processors.Logs.Filter;
using OtelTelemetry.Tests.Processors.Logs;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Logging;

public class LogSinkTests
{
    [Test]
    public void Each_sink_has_its_own_level_and_filters()
    {
        using var all = new MemoryStream();
        using var few = new MemoryStream();
        using var host = Start(
            ("all", new StreamLogOptions(all)),
            ("few", new StreamLogOptions(few) { Level = LogLevel.Warning, Filters = [new LogFilterOptions { Category = "Shop.Noise" }] }));

        host.Logger.LogInformation("Received order {Id}", 7);
        host.Logger.LogWarning("Stock of {Sku} is low", "A7");
        host.LoggerOf("Shop.Noise").LogWarning("Nothing to see");
        host.Flush();

        Assert.That(Messages(all), Is.EqualTo(new[] { "Received order 7", "Stock of A7 is low", "Nothing to see" }));
        Assert.That(Messages(few), Is.EqualTo(new[] { "Stock of A7 is low" }));
    }

    [Test]
    public void A_sink_that_throws_harms_no_other_and_is_counted()
    {
        using var output = new MemoryStream();
        var name = $"broken_{Guid.NewGuid():N}";
        using var host = LogHost.Start(builder => builder.AddPepperTelemetry().AddLogSink(name, _ => new BrokenSink()).AddLogSink("good", new StreamLogOptions(output)));

        host.Logger.LogWarning("Stock is low");
        host.Flush();

        Assert.That(Messages(output), Is.EqualTo(new[] { "Stock is low" }));
        Assert.That(TelemetryLosses.Counted("logs", LogSinkProcessor.ComponentOf(name), "failed"), Is.EqualTo(1));
    }

    [Test]
    public void A_slow_place_never_holds_the_application_up_and_what_does_not_fit_is_counted()
    {
        using var output = new GatedStream();
        QueuedLogSink? sink = null;
        var name = $"slow_{Guid.NewGuid():N}";
        using var host = LogHost.Start(builder => builder.AddPepperTelemetry().AddLogSink(name, context => sink = (QueuedLogSink)new StreamLogOptions(output) { MaxQueueBytes = LogQueueSettings.LeastBytes }.Create(context)));

        for (var i = 0; i < 5000; i++) host.Logger.LogInformation("Received order {Id}", i);
        var stuck = sink!.Statistics;
        output.Open();
        host.Flush();
        var after = sink.Statistics;

        Assert.That(stuck.Accepted, Is.EqualTo(5000));
        Assert.That(stuck.Dropped, Is.GreaterThan(0));
        Assert.That(TelemetryLosses.Counted("logs", LogSinkProcessor.ComponentOf(name), "queue_full"), Is.EqualTo(stuck.Dropped));
        Assert.That((after.Written, after.Pending), Is.EqualTo((5000 - stuck.Dropped, 0L)));
        Assert.That(Messages(output.Written), Has.Length.EqualTo(after.Written));
    }

    [Test]
    public void What_cannot_be_written_is_tried_again_in_order()
    {
        using var output = new FailingStream();
        QueuedLogSink? sink = null;
        using var host = LogHost.Start(builder => builder.AddPepperTelemetry().AddLogSink("failing", context => sink = (QueuedLogSink)new StreamLogOptions(output).Create(context)), clock: new FakeClock());

        for (var i = 0; i < 10; i++) host.Logger.LogInformation("Received order {Id}", i);
        var flushed = sink!.Flush(TimeSpan.FromSeconds(30));
        var failing = sink.Statistics;
        output.Fails = false;
        var flushedLater = sink.Flush(TimeSpan.FromSeconds(30));

        Assert.That((flushed, flushedLater), Is.EqualTo((false, true)));
        Assert.That((failing.Pending, sink.Statistics.Pending, sink.Statistics.Dropped), Is.EqualTo((10L, 0L, 0L)));
        Assert.That(Messages(output.Written), Is.EqualTo(Enumerable.Range(0, 10).Select(i => $"Received order {i}")));
    }

    [Test]
    public void What_is_left_at_the_end_is_written_first()
    {
        using var output = new MemoryStream();
        using (var host = Start(("end", new StreamLogOptions(output))))
        {
            host.Logger.LogWarning("The last words");
        }

        Assert.That(Messages(output), Is.EqualTo(new[] { "The last words" }));
    }

    [Test]
    public void Threads_never_mix_their_lines()
    {
        using var output = new MemoryStream();
        using var host = Start(("many", new StreamLogOptions(output)));

        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 500; i++) host.Logger.LogInformation("Thread {Thread} says {Number} {Padding}", thread, i, new string('x', i));
        });
        host.Flush();

        var lines = Lines(output).Select(line => line.RootElement.GetProperty("attributes")).ToArray();
        Assert.That(lines, Has.Length.EqualTo(4000));
        foreach (var thread in lines.GroupBy(line => line.GetProperty("Thread").GetInt32(), line => line.GetProperty("Number").GetInt32()))
        {
            Assert.That(thread, Is.EqualTo(Enumerable.Range(0, 500)), $"thread {thread.Key}");
        }
    }

    [Test]
    public void Sinks_are_read_from_the_configuration()
    {
        using var host = LogHost.Start(
            builder => builder.AddPepperTelemetry(),
            settings:
            [
                ("Telemetry:Logs:Sinks:Console:Pretty", "true"),
                ("Telemetry:Logs:Sinks:machines:Type", "console"),
                ("Telemetry:Logs:Sinks:machines:Format", "ecs"),
                ("Telemetry:Logs:Sinks:machines:Level", "Error"),
                ("Telemetry:Logs:Sinks:machines:Filters:0:Path", "/health"),
                ("Telemetry:Logs:Sinks:off:Type", "Console"),
                ("Telemetry:Logs:Sinks:off:Enabled", "false"),
            ]);

        var sinks = host.Services.GetRequiredService<TelemetryOptions>().Logs.Sinks;

        Assert.That(sinks.Keys, Is.EquivalentTo(new[] { "Console", "machines" }));
        Assert.That(sinks["Console"], Is.EqualTo(new ConsoleLogOptions { Pretty = true }));
        var machines = (ConsoleLogOptions)sinks["machines"];
        Assert.That((machines.Format, machines.Level, machines.Filters.Single().Path), Is.EqualTo((LogFormat.Ecs, LogLevel.Error, "/health")));
    }

    [Test]
    public void Wrong_settings_are_reported_at_the_start_all_at_once()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => LogHost.Start(
            builder => builder.AddPepperTelemetry(),
            settings:
            [
                ("Telemetry:Logs:Sinks:one:Type", "Carrier-pigeon"),
                ("Telemetry:Logs:Sinks:two:Type", "Console"),
                ("Telemetry:Logs:Sinks:two:Format", "yaml"),
                ("Telemetry:Logs:Sinks:three:Type", "Console"),
                ("Telemetry:Logs:Sinks:three:MaxQueueBytes", "12"),
            ]));

        Assert.That(error!.Message, Does.Contain("Telemetry:Logs:Sinks:one:Type").And.Contain("Carrier-pigeon").And.Contain("Telemetry:Logs:Sinks:two:Format").And.Contain("Telemetry:Logs:Sinks:three:MaxQueueBytes"));
    }

    private static LogHost Start(params (string Name, LogSinkOptions Options)[] sinks) => LogHost.Start(builder =>
    {
        var telemetry = builder.AddPepperTelemetry();
        foreach (var (name, options) in sinks) telemetry.AddLogSink(name, options);
    });

    private static string[] Messages(MemoryStream output) => [.. Lines(output).Select(line => line.RootElement.GetProperty("message").GetString()!)];

    /// <summary>The lines of the application: the library's own messages are left out.</summary>
    private static IEnumerable<JsonDocument> Lines(MemoryStream output) => Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonDocument.Parse(line))
        .Where(line => line.RootElement.GetProperty("category").GetString()!.StartsWith("Shop.", StringComparison.Ordinal));

    private sealed class BrokenSink : LogSink
    {
        public override void Write(LogRecord record)
        {
            if (record.CategoryName!.StartsWith("Shop.", StringComparison.Ordinal)) throw new InvalidOperationException("No paper.");
        }
    }

    /// <summary>Takes nothing until it is opened.</summary>
    private sealed class GatedStream : Stream
    {
        private readonly ManualResetEventSlim _open = new();

        public MemoryStream Written { get; } = new();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Written.Length;

        public override long Position { get; set; }

        public void Open() => _open.Set();

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            _open.Wait();
            Written.Write(buffer, offset, count);
        }

        protected override void Dispose(bool disposing)
        {
            _open.Set();
            base.Dispose(disposing);
        }
    }

    private sealed class FailingStream : MemoryStream
    {
        public volatile bool Fails = true;

        public MemoryStream Written => this;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Fails) throw new IOException("No paper.");
            base.Write(buffer);
        }
    }
}
