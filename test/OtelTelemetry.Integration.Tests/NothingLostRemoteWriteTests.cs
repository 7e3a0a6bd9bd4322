using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>
/// 1,000,000 increments by remote write, while Prometheus is killed five times and the application once. When it is over, Prometheus has
/// every sample that was accepted, in its order, and the account was right at every moment anybody looked.
/// </summary>
[TestFixture]
public sealed class NothingLostRemoteWriteTests
{
    private const int Rounds = 100;
    private const int IncrementsPerShard = 1000;
    private const int Shards = 10;
    private const string Destination = "RemoteWrite";

    private static readonly TimeSpan s_longEnough = TimeSpan.FromSeconds(60);

    private string _folder = null!;
    private PrometheusServer _prometheus = null!;
    private RecorderProcess? _first;
    private RecorderProcess? _second;

    private string Data => Path.Combine(_folder, "prometheus");

    private string Outbox => Path.Combine(_folder, "outbox.db");

    [SetUp]
    public async Task StartPrometheus()
    {
        _folder = Directory.CreateTempSubdirectory("oteltelemetry-nothing-lost-").FullName;
        _prometheus = await PrometheusServer.StartReceiver(data: Data);
    }

    [TearDown]
    public async Task StopEverything()
    {
        if (_first is not null) await _first.DisposeAsync();
        if (_second is not null) await _second.DisposeAsync();
        await Disposal.Of(_prometheus);
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Every_sample_accepted_is_in_Prometheus_although_it_is_killed_five_times_and_the_application_once()
    {
        _first = StartRecorder("first", 1);
        await _first.Record(10);
        await Outage(_first);
        await _first.Record(10);
        await Outage(_first);
        await _first.Record(10);

        await _prometheus.Kill();
        _first.Let(_first.Accepted + 15);
        await _first.Reach(_first.Accepted + 8);
        await _first.Kill();
        var left = OutboxFile.Items(Outbox)[Destination];

        // The same series: what the first one left must go before anything of the second.
        _second = StartRecorder("second", _first.Begun + 1);
        await _second.Record(5);
        await RestartPrometheus(_first.Accepted + 5);

        await _second.Record(5);
        await Outage(_second);
        await _second.Record(5);
        await Outage(_second);
        _second.Let(Rounds);
        await _second.End();

        var account = _second.Account(Destination);
        var stored = await _prometheus.Stored("recorder_increments_total");
        TestContext.Out.WriteLine($"killed in round {_first.Begun}, {left} samples left to the next; account right at {_second.Done.Moments} moments; {_second.Done.Bytes / 1024} KiB in use; {account}");
        Assert.That(_first.Begun - _first.Accepted, Is.AnyOf(0, 1), "One round at most is not known to be accepted.");
        Assert.That(stored, Has.Count.EqualTo(Shards));
        Assert.Multiple(() =>
        {
            foreach (var series in stored) EverySampleIsThere(series, account.Accepted / Shards);
            Assert.That(account.Adopted, Is.EqualTo(left));
            Assert.That((account.Pending, account.Dropped.Count), Is.EqualTo((0L, 0)));
            Assert.That(account.FailedAttempts, Is.Positive);
            Assert.That(_first.Accounts.Concat(_second.Accounts).Where(said => !said.AddsUp), Is.Empty);
            Assert.That(_second.Done.Moments, Is.GreaterThan(100));
            Assert.That(_second.Done.Bytes, Is.LessThan(64 * 1024 * 1024), "Nothing is kept in memory.");
            Assert.That(OutboxFile.Items(Outbox), Is.Empty);
        });
    }

    private RecorderProcess StartRecorder(string life, int first)
    {
        var gates = Directory.CreateDirectory(Path.Combine(_folder, life)).FullName;
        return RecorderProcess.Start(
            gates, first, Rounds,
            ("Recorder__Destination", Destination),
            ("OTEL_SERVICE_NAME", "recorder"),
            ("Telemetry__ServiceInstanceId", "one"),
            ("Telemetry__Exporters__RemoteWrite__Endpoint", _prometheus.RemoteWriteAddress.ToString()),
            // At the end of a round only.
            ("Telemetry__Exporters__RemoteWrite__Interval", "1000h"),
            ("Telemetry__Exporters__RemoteWrite__Include__0", "recorder_*"),
            ("Telemetry__Exporters__RemoteWrite__TargetInfo", "false"),
            ("Telemetry__Exporters__RemoteWrite__StaleMarkers", "false"),
            ("Telemetry__Delivery__Mode", "Outbox"),
            ("Telemetry__Delivery__Backoff", "100ms"),
            ("Telemetry__Delivery__MaxBackoff", "500ms"),
            ("Telemetry__Delivery__BreakDuration", "500ms"),
            ("Telemetry__Delivery__PollInterval", "500ms"),
            ("Telemetry__Delivery__Outbox__Path", Outbox));
    }

    /// <summary>Prometheus is killed while rounds go on, and comes back. It ends when they are there.</summary>
    private async Task Outage(RecorderProcess recorder)
    {
        recorder.Let(recorder.Accepted + 2);
        await _prometheus.Kill();
        await recorder.Record(4);
        var before = ReferenceEquals(recorder, _first) ? 0 : _first!.Accepted;
        await RestartPrometheus(before + recorder.Accepted - recorder.First + 1);
    }

    private async Task RestartPrometheus(int samples)
    {
        var gone = _prometheus;
        _prometheus = await PrometheusServer.StartReceiver(gone, Data);
        await gone.DisposeAsync();
        await Eventually.True(
            $"{samples} samples of each series", async () => (await _prometheus.Stored("recorder_increments_total")) is { Count: Shards } stored && stored.All(series => series.Samples.Count >= samples), s_longEnough);
    }

    /// <summary>The total after each round of the first life, then after each of the second, which also exports when it flushes and when it ends.</summary>
    /// <param name="series">What is stored.</param>
    /// <param name="exports">How many exports of the second life were accepted.</param>
    private void EverySampleIsThere(StoredSeries series, long exports)
    {
        var rounds = Rounds - _first!.Begun;
        var values = series.Samples.Select(sample => sample.Value).ToList();
        var ofFirst = values.Count - (int)exports;
        Assert.That(ofFirst, Is.AnyOf(_first.Accepted, _first.Begun), $"shard {series.Labels["shard"]}: samples of the first life");
        Assert.That(values[..ofFirst], Is.EqualTo(Totals(ofFirst)));
        Assert.That(values[ofFirst..(ofFirst + rounds)], Is.EqualTo(Totals(rounds)));
        Assert.That(values[(ofFirst + rounds)..], Has.All.EqualTo((double)rounds * IncrementsPerShard));
        Assert.That(series.Samples.Select(sample => sample.Time), Is.Ordered);
    }

    private static IEnumerable<double> Totals(int rounds) => Enumerable.Range(1, rounds).Select(round => (double)round * IncrementsPerShard);
}
