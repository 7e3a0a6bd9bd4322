using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
using OtelTelemetry.Delivery;
using OtelTelemetry.Tests.Otlp;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Delivery;

/// <summary>What a flush says is true also while a batch is between the SDK's queue and the outbox.</summary>
public class FlushTests
{
    [Test]
    public async Task A_flush_waits_for_spans_that_have_left_the_queue_and_are_not_handed_over()
    {
        using var outbox = new HeldOutbox();
        using var receiver = new LoopbackReceiver();
        using var host = Host("flushed.spans", receiver, outbox);
        await host.StartAsync();
        var traces = host.Services.GetRequiredService<TracerProvider>();
        using (var source = new ActivitySource("flushed.spans")) source.StartActivity("span")!.Dispose();

        await Check("otlp_traces", traces.ForceFlush, host, outbox);
    }

    [Test]
    public async Task A_flush_waits_for_log_records_that_have_left_the_queue_and_are_not_handed_over()
    {
        using var outbox = new HeldOutbox();
        using var receiver = new LoopbackReceiver();
        using var host = Host("flushed.logs", receiver, outbox);
        await host.StartAsync();
        var logs = host.Services.GetRequiredService<LoggerProvider>();
        host.Services.GetRequiredService<ILogger<FlushTests>>().LogInformation("one");

        await Check("otlp_logs", logs.ForceFlush, host, outbox);
    }

    private static async Task Check(string destination, Func<int, bool> flush, IHost host, HeldOutbox outbox)
    {
        var first = Task.Run(() => flush(Timeout.Infinite));
        await Within.Time(() => outbox.IsEntered, "the batch is on its way to the outbox");

        var early = flush(1);
        outbox.Release();
        Assert.That(early, Is.False, "The queue is empty, and nothing is handed over.");
        Assert.That(flush(Timeout.Infinite), Is.True);

        var report = host.Services.GetRequiredService<TelemetryManager>().Delivery.GetReport().Destinations.Single(account => account.Name == destination);
        Assert.That((report.Accepted, report.Delivered + report.PendingItems), Is.EqualTo((1L, 1L)));
        Assert.That(await first, Is.True);
        await host.StopAsync();
    }

    private static IHost Host(string service, LoopbackReceiver receiver, IOutbox outbox)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_SERVICE_NAME"] = service,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRICS_EXPORTER"] = "none",
            ["Telemetry:Delivery:Mode"] = "Outbox",
        });
        builder.Logging.AddFilter((category, _) => category == typeof(FlushTests).FullName);
        builder.Services.AddSingleton(outbox);
        builder.AddPepperTelemetry();
        return builder.Build();
    }

    /// <summary>An outbox that takes nothing until it is released.</summary>
    private sealed class HeldOutbox : IOutbox
    {
        private readonly MemoryOutbox _inner = new();
        private readonly ManualResetEventSlim _released = new();

        public bool IsEntered { get; private set; }

        public bool IsDurable => false;

        public void Release() => _released.Set();

        public IReadOnlyList<long> Append(IReadOnlyList<OutboxItem> items)
        {
            IsEntered = true;
            _released.Wait();
            return _inner.Append(items);
        }

        public OutboxItem? Read(long id) => _inner.Read(id);

        public void Remove(IReadOnlyList<long> ids) => _inner.Remove(ids);

        public IReadOnlyList<OutboxEntry> Adopt(string destination) => [];

        public IReadOnlyList<OutboxEntry> RemoveAbandoned(DateTimeOffset before) => [];

        public void Dispose()
        {
            // Whoever still waits is let go.
            _released.Set();
            _inner.Dispose();
        }
    }
}
