using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>
/// 1,000,000 increments, 100,000 spans and 100,000 log records, while the receiver is killed five times and the application once. When it
/// is over, everything that was accepted has arrived, and the account was right at every moment anybody looked.
/// </summary>
[TestFixture]
public sealed class NothingLostTests
{
    private const int Rounds = 100;
    private const int ItemsPerRound = 1000;
    private const int IncrementsPerShard = 1000;
    private const int Shards = 10;
    private const int Kills = 6;

    /// <summary>The default of the SDK's batch.</summary>
    private const int ItemsPerRequest = 512;

    private static readonly string[] s_destinations = ["otlp_traces", "otlp_logs", "otlp_metrics"];

    private string _folder = null!;
    private OtlpReceiver _receiver = null!;
    private RecorderProcess? _first;
    private RecorderProcess? _second;

    private string Journal => Path.Combine(_folder, "arrived");

    private string Outbox => Path.Combine(_folder, "outbox.db");

    [SetUp]
    public async Task StartReceiver()
    {
        _folder = Directory.CreateTempSubdirectory("oteltelemetry-nothing-lost-").FullName;
        _receiver = await OtlpReceiver.Start(file: Journal, brief: true);
    }

    [TearDown]
    public async Task StopEverything()
    {
        if (_first is not null) await _first.DisposeAsync();
        if (_second is not null) await _second.DisposeAsync();
        await Disposal.Of(_receiver);
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Everything_accepted_arrives_although_the_receiver_is_killed_five_times_and_the_application_once()
    {
        _first = StartRecorder("first", 1);
        await _first.Record(10);
        await Outage(_first);
        await _first.Record(10);
        await Outage(_first);
        await _first.Record(10);

        // Both are away at once: the application in the midst of a round or between two, with requests in the outbox.
        await _receiver.Kill();
        _first.Let(_first.Accepted + 15);
        await _first.Reach(_first.Accepted + 8);
        await _first.Kill();
        var left = OutboxFile.Items(Outbox);
        _second = StartRecorder("second", _first.Begun + 1);
        await _second.Record(5);
        await RestartReceiver();

        await _second.Record(5);
        await Outage(_second);
        await _second.Record(5);
        await Outage(_second);
        _second.Let(Rounds);
        await _second.End();

        var arrived = ArrivedItems.In(Journal);
        Report(arrived);
        var (begun, accepted) = (_first.Begun, _first.Accepted);
        Assert.That(begun - accepted, Is.AnyOf(0, 1), "One round at most is not known to be accepted.");
        Assert.Multiple(() =>
        {
            EverythingIsThere("spans", arrived.Spans);
            EverythingIsThere("logs", arrived.Logs);
            EveryTotalIsThere(arrived, "first", known: accepted, begun);
            EveryTotalIsThere(arrived, "second", known: Rounds - begun, Rounds - begun);
        });
        Assert.Multiple(() =>
        {
            var recorded = (long)(Rounds - begun) * ItemsPerRound;
            Assert.That(_second.Account("otlp_traces").Accepted, Is.EqualTo(recorded + _second.Flooded("spans").Calls), "The application's calls.");
            Assert.That(_second.Account("otlp_logs").Accepted, Is.EqualTo(recorded + _second.Flooded("logs").Calls), "The application's calls.");
            Assert.That(_second.Account("otlp_metrics").Accepted, Is.EqualTo(arrived.Points.Count(point => point.Instance == "second")));
            foreach (var destination in s_destinations)
            {
                var account = _second.Account(destination);
                Assert.That(account.Adopted, Is.EqualTo(left[destination]), $"{destination}: what the application that was killed left.");
                Assert.That((account.Pending, account.Dropped.Keys), Is.EqualTo((0L, destination == "otlp_metrics" ? Array.Empty<string>() : ["queue_full"])), destination);
                Assert.That(account.FailedAttempts, Is.Positive, $"{destination} was away.");
            }

            // One request of each destination is on its way at a time: that one may arrive again after its receiver, or its application, was killed.
            Assert.That(ArrivedItems.Duplicates(arrived.Spans), Is.LessThanOrEqualTo(Kills * ItemsPerRequest), "spans that arrived again");
            Assert.That(ArrivedItems.Duplicates(arrived.Logs), Is.LessThanOrEqualTo(Kills * ItemsPerRequest), "log records that arrived again");
            Assert.That(_first.Accounts.Concat(_second.Accounts).Where(account => !account.AddsUp), Is.Empty);
            Assert.That(_second.Done.Moments, Is.GreaterThan(100));
            Assert.That(_second.Done.Bytes, Is.LessThan(64 * 1024 * 1024), "Nothing is kept in memory.");
            Assert.That(OutboxFile.Items(Outbox), Is.Empty);
        });
    }

    private RecorderProcess StartRecorder(string instance, int first)
    {
        var gates = Directory.CreateDirectory(Path.Combine(_folder, instance)).FullName;
        return RecorderProcess.Start(
            gates, first, Rounds,
            ("Recorder__Items", $"{ItemsPerRound}"),
            ("Recorder__Destination", "otlp_metrics"),
            ("Recorder__FlushLimit", "00:00:00.05"),
            ("Recorder__Floods", "true"),
            ("OTEL_SERVICE_NAME", "recorder"),
            ("Telemetry__ServiceInstanceId", instance),
            // Both transports: spans and metrics by gRPC, log records by HTTP.
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.GrpcEndpoint.ToString()),
            ("Telemetry__Otlp__Logs__Protocol", "http/protobuf"),
            ("Telemetry__Otlp__Logs__Endpoint", new Uri(_receiver.HttpEndpoint, "/v1/logs").ToString()),
            // Metrics go at the end of a round only.
            ("OTEL_METRIC_EXPORT_INTERVAL", "3600000"),
            // No attempt is given up while the receiver is only slow.
            ("Telemetry__Otlp__Timeout", "60s"),
            ("Logging__LogLevel__Default", "Warning"),
            ("Logging__OpenTelemetry__LogLevel__Default", "None"),
            ("Logging__OpenTelemetry__LogLevel__Recorder", "Information"),
            ("Telemetry__Delivery__Mode", "Outbox"),
            ("Telemetry__Delivery__Backoff", "100ms"),
            ("Telemetry__Delivery__MaxBackoff", "500ms"),
            ("Telemetry__Delivery__BreakDuration", "500ms"),
            ("Telemetry__Delivery__PollInterval", "500ms"),
            ("Telemetry__Delivery__Outbox__Path", Outbox));
    }

    /// <summary>The receiver is killed while rounds go on, and comes back. It ends when something arrives again.</summary>
    private async Task Outage(RecorderProcess recorder)
    {
        // Whatever is on its way then: nobody waits for a good moment.
        recorder.Let(recorder.Accepted + 2);
        await _receiver.Kill();
        await recorder.Record(4);
        await RestartReceiver();
    }

    private async Task RestartReceiver()
    {
        var gone = _receiver;
        var before = new FileInfo(Journal).Length;
        _receiver = await OtlpReceiver.Start(gone, Journal, brief: true);
        await gone.DisposeAsync();
        await Eventually.True("something arrives again", () => Task.FromResult(new FileInfo(Journal).Length > before));
    }

    /// <summary>Every number of a round that was accepted is there; of the round the application was killed in, some may be; of what was more
    /// than the queue takes, as many as did not find it full.</summary>
    private void EverythingIsThere(string signal, Dictionary<long, int> arrived)
    {
        var rounds = Enumerable.Range(1, Rounds).Where(round => round <= _first!.Accepted || round > _first.Begun);
        var missing = rounds.SelectMany(round => Enumerable.Range((round - 1) * ItemsPerRound, ItemsPerRound)).Count(number => !arrived.ContainsKey(number));
        Assert.That(missing, Is.Zero, $"{signal} that were accepted and did not arrive");

        const long firstOfFlood = Rounds * ItemsPerRound;
        var flooded = _second!.Flooded(signal);
        Assert.That(arrived.Keys.Count(number => number >= firstOfFlood), Is.EqualTo(flooded.Calls - flooded.Refused), $"{signal} that did not find the queue full");
        Assert.That(arrived.Keys, Has.All.InRange(0, firstOfFlood + flooded.Calls - 1));
    }

    /// <summary>Every total that was exported is there, and the last is that of the last export that was accepted.</summary>
    private static void EveryTotalIsThere(ArrivedItems arrived, string instance, int known, int begun)
    {
        for (var shard = 0; shard < Shards; shard++)
        {
            var points = arrived.Points.Where(point => point.Instance == instance && point.Metric == "recorder_increments_total" && point.Attributes["shard"] == $"{shard}").OrderBy(point => point.Time).ToList();
            var last = points[^1].Value;
            Assert.That(last, Is.AnyOf((double)known * IncrementsPerShard, (double)begun * IncrementsPerShard), $"{instance}, shard {shard}");
            Assert.That(
                points.Select(point => point.Value).Distinct(), Is.EqualTo(Enumerable.Range(1, (int)last / IncrementsPerShard).Select(round => (double)round * IncrementsPerShard)), $"{instance}, shard {shard}");
        }
    }

    private void Report(ArrivedItems arrived)
    {
        var inKilledRound = (_first!.Begun - _first.Accepted) * ItemsPerRound;
        var killed = Enumerable.Range(_first.Accepted * ItemsPerRound, inKilledRound).ToList();
        TestContext.Out.WriteLine(
            $"duplicates: {ArrivedItems.Duplicates(arrived.Spans)} spans, {ArrivedItems.Duplicates(arrived.Logs)} log records, {ArrivedItems.Duplicates(arrived.PointCounts)} points; "
            + $"killed in round {_first.Begun}, of which {killed.Count(number => !arrived.Spans.ContainsKey(number))} spans and {killed.Count(number => !arrived.Logs.ContainsKey(number))} log records were still in the SDK's batch; "
            + $"queue full: {_second!.Flooded("spans").Refused} spans, {_second.Flooded("logs").Refused} log records; account right at {_second.Done.Moments} moments; {_second.Done.Bytes / 1024} KiB in use");
        foreach (var destination in s_destinations) TestContext.Out.WriteLine(_second.Account(destination));
    }
}
