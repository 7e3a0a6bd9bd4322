using OtelTelemetry.Alerts;
using OtelTelemetry.Alerts.Rules;
using OtelTelemetry.Alerts.Sqlite;
using OtelTelemetry.Alerts.State;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Alerts;

/// <summary>A restart in the middle neither repeats nor forgets a notification: two engines, one after the other, on one file.</summary>
public class AlertRestartTests
{
    private TemporaryFolder _folder = null!;
    private FakeClock _clock = null!;

    private string StateFile => _folder.File("alerts.db");

    [SetUp]
    public void Create() => (_folder, _clock) = (new TemporaryFolder(), new FakeClock());

    [TearDown]
    public void Remove() => _folder.Dispose();

    [TestCase(true)]
    [TestCase(false)]
    public async Task One_that_was_pending_fires_at_its_time(bool inGoodOrder)
    {
        await Run(inGoodOrder, async bench => await bench.Seconds(35));
        await Run(inGoodOrder, async bench =>
        {
            await bench.Seconds(39);
            Assert.That(bench.Told, Is.Empty);
            await bench.Seconds(1);

            // Pending since 15, 60 seconds: 75, of which 35 were before.
            Assert.That(bench.Told, Is.EqualTo(new[] { "40 F Busy" }));
        });
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task One_that_fires_is_not_told_again_before_its_time_and_its_end_is_told(bool inGoodOrder)
    {
        await Run(inGoodOrder, async bench =>
        {
            await bench.Seconds(80);
            Assert.That(bench.Told, Is.EqualTo(new[] { "75 F Busy" }));
        });
        await Run(inGoodOrder, async bench =>
        {
            // 1000 seconds after 75: 995 after the restart at 80.
            await bench.Seconds(994);
            Assert.That(bench.Told, Is.Empty);
            await bench.Seconds(1);
            Assert.That(bench.Told, Is.EqualTo(new[] { "995 F Busy" }));
        });
        await Run(inGoodOrder, async bench =>
        {
            bench.Gauge("load", ("", 1));
            await bench.Seconds(200);
            Assert.That(bench.Told, Is.EqualTo(new[] { "100 R Busy" }));
        });
        await Run(inGoodOrder, async bench =>
        {
            bench.Gauge("load", ("", 1));
            await bench.Seconds(200);
            Assert.That(bench.Told, Is.Empty);
        });
    }

    [Test]
    public async Task What_fires_stays_until_its_metric_is_known_again()
    {
        var rule = AlertBench.Above(10, "errors_total", function: AlertFunction.Increase);
        await Run(true, async bench =>
        {
            bench.Counter("errors_total", ("", 0));
            await bench.Seconds(15);
            bench.Counter("errors_total", ("", 50));
            await bench.Seconds(15);
            Assert.That(bench.Told, Is.EqualTo(new[] { "30 F Errors" }));
        }, rule, "Errors");
        await Run(true, async bench =>
        {
            bench.Counter("errors_total", ("", 0));
            await bench.Seconds(299);
            Assert.That((bench.Told.Count, bench.Engine.Current.Single().State), Is.EqualTo((0, AlertState.Firing)));
            await bench.Seconds(1);
            Assert.That(bench.Told, Is.EqualTo(new[] { "300 R Errors" }), "now it is known that there were none for five minutes");
        }, rule, "Errors");
    }

    [Test]
    public async Task The_alert_of_a_rule_that_is_gone_is_resolved()
    {
        await Run(true, async bench => await bench.Seconds(80));
        await Run(true, async bench =>
        {
            await bench.Seconds(300);
            Assert.That(bench.Told, Is.EqualTo(new[] { "95 R Busy", "120 F Other" }));
        }, AlertBench.Above(5, during: TimeSpan.FromSeconds(105)), "Other");
    }

    [Test]
    public async Task Silences_set_in_code_outlive_the_process()
    {
        await Run(true, bench =>
        {
            bench.Engine.AddSilence("quiet", new AlertSilence { Matchers = new Dictionary<string, string> { ["alertname"] = "Busy" }, Until = _clock.GetUtcNow().AddSeconds(500), Comment = "known" });
            return Task.CompletedTask;
        });
        await Run(true, async bench =>
        {
            Assert.That(bench.Engine.Silences["quiet"].Comment, Is.EqualTo("known"));
            await bench.Seconds(499);
            Assert.That(bench.Told, Is.Empty);
            await bench.Seconds(1);
            Assert.That(bench.Told, Is.EqualTo(new[] { "500 F Busy" }));
        });
    }

    [Test]
    public async Task A_damaged_file_is_moved_aside_and_alerts_go_on()
    {
        await File.WriteAllTextAsync(StateFile, new string('x', 5000));
        await Run(true, async bench =>
        {
            await bench.Seconds(75);
            Assert.That(bench.Told, Is.EqualTo(new[] { "75 F Busy" }));
        });
        await Run(true, async bench =>
        {
            await bench.Seconds(75);
            Assert.That(bench.Told, Is.Empty);
        });
        Assert.That(_folder.Files, Has.Some.EqualTo("alerts.db.damaged"));
    }

    [Test]
    public void What_is_read_is_what_was_written()
    {
        var alert = new Alert
        {
            Name = "Busy", Severity = AlertSeverity.Critical, State = AlertState.Firing, Labels = new SortedDictionary<string, string> { ["a"] = "\"ä\n" }, Annotations = new Dictionary<string, string> { ["s"] = "t" },
            Value = double.PositiveInfinity, ActiveSince = _clock.GetUtcNow(), FiringSince = _clock.GetUtcNow().AddTicks(1), Fingerprint = "f",
        };
        var memory = new AlertMemory { Saved = _clock.GetUtcNow(), Groups = [new AlertMemory.GroupMemory("h", new SortedDictionary<string, string> { ["alertname"] = "Busy" }, null, _clock.GetUtcNow(), [alert], [])] };

        var written = AlertMemoryCodec.Write(memory);

        Assert.That(AlertMemoryCodec.Write(AlertMemoryCodec.Read(written)), Is.EqualTo(written));
        Assert.Throws<AlertStateException>(() => AlertMemoryCodec.Read([1, 2, 3]));
        Assert.Throws<AlertStateException>(() => AlertMemoryCodec.Read("{\"layout\":99}"u8.ToArray()));
    }

    private async Task Run(bool inGoodOrder, Func<AlertBench, Task> act, AlertRule? rule = null, string name = "Busy")
    {
        using var store = new SqliteAlertStateStore(StateFile);
        using var bench = new AlertBench(
            options =>
            {
                options.RepeatInterval = TimeSpan.FromSeconds(1000);
                options.GroupInterval = TimeSpan.FromSeconds(100);
                options.Rules[name] = rule ?? AlertBench.Above(5, during: TimeSpan.FromSeconds(60));
            },
            _clock,
            store);
        bench.Gauge("load", ("", 9));
        await act(bench);
        if (inGoodOrder) await bench.Engine.StopAsync(TimeSpan.FromSeconds(5));
    }
}
