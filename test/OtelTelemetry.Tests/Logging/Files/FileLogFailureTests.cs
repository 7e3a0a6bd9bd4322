using OtelTelemetry.Diagnostics;
using OtelTelemetry.Logging.Formats;
using OtelTelemetry.Logging.Sinks.Files;
using OtelTelemetry.Logging.Sinks.Queue;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Logging.Files;

/// <summary>Files that cannot be written: told once with cause and remedy, counted, and written when they can be.</summary>
[NonParallelizable]
public sealed class FileLogFailureTests
{
    private readonly List<TelemetryError> _errors = [];
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Listen()
    {
        _folder = new TemporaryFolder();
        _errors.Clear();
        TelemetryErrors.Reported += Note;
    }

    [TearDown]
    public void StopListening()
    {
        TelemetryErrors.Reported -= Note;
        _folder.Dispose();
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_disk_that_is_full_is_told_and_when_it_has_room_again_no_line_is_torn_or_twice_there(bool shared)
    {
        using var disk = SmallDisk.Mount(_folder.Path, "512k");
        var path = Path.Combine(disk.Path, "app.log");
        using var logs = new FileLogs(new FileLogOptions { Path = path, MaxFileBytes = 50_000, MaxFiles = null, Shared = shared, MaxQueueBytes = LogQueueSettings.LeastBytes });
        logs.Log(0, 10);
        Assert.That(logs.Flush());
        disk.Fill(Path.Combine(disk.Path, "ballast"));

        logs.Log(10, 190);
        var flushed = logs.Flush();
        var full = logs.Sink.Statistics;
        logs.Log(200, 1000);
        logs.Clock.Advance(TimeSpan.FromSeconds(1));
        var flushedAgain = logs.Flush();
        var beyond = logs.Sink.Statistics;
        File.Delete(Path.Combine(disk.Path, "ballast"));
        var flushedLater = logs.Flush();
        logs.Log(5000, 100);
        var flushedAfterwards = logs.Flush();

        Assert.That((flushed, flushedAgain, flushedLater, flushedAfterwards), Is.EqualTo((false, false, true, true)));
        Assert.That(full.Dropped, Is.Zero, "What fits into the queue waits.");
        Assert.That(beyond.Dropped, Is.Positive);
        Assert.That(TelemetryLosses.Counted("logs", logs.Component, "write_failed"), Is.EqualTo(beyond.Dropped));
        Assert.That((logs.Sink.Statistics.Pending, logs.Sink.Statistics.Written), Is.EqualTo((0L, 1300 - beyond.Dropped)));
        var orders = OrdersBelow(disk.Path);
        Assert.That(orders, Has.Count.EqualTo(logs.Sink.Statistics.Written));
        Assert.That(orders, Is.Ordered.And.Unique.And.SupersetOf(Enumerable.Range(0, 200)).And.SupersetOf(Enumerable.Range(5000, 100)));
        Loudly(logs, "the disk is full", "Make room", $"Telemetry:Logs:Sinks:{logs.Name}:MaxTotalBytes");
    }

    [Test]
    public void Files_of_a_full_disk_are_whole_at_every_moment_whatever_room_there_is()
    {
        for (var room = 0; room < 16; room++)
        {
            using var disk = SmallDisk.Mount(_folder.Path, "256k");
            var path = Path.Combine(disk.Path, "app.log");
            using var logs = new FileLogs(new FileLogOptions { Path = path, MaxFileBytes = 30_000, MaxTotalBytes = null, MaxFiles = null, Shared = room % 2 == 1 });
            logs.Log(0, 20 * room);
            logs.Flush();
            disk.Fill(Path.Combine(disk.Path, "ballast"));
            for (var i = 0; i < 20; i++)
            {
                logs.Log((20 * room) + (i * 10), 10);
                logs.Flush();
                Assert.That(OrdersBelow(disk.Path), Is.EqualTo(Enumerable.Range(0, (int)logs.Sink.Statistics.Written)), "What is said to be written is there, and nothing else.");
            }

            Assert.That(logs.Sink.Statistics.Pending, Is.Positive);
            File.Delete(Path.Combine(disk.Path, "ballast"));
            Assert.That(logs.Flush());
            Assert.That(OrdersBelow(disk.Path), Is.EqualTo(Enumerable.Range(0, (20 * room) + 200)));
        }
    }

    [Test]
    public void A_directory_that_cannot_be_made_is_told_and_written_to_when_it_can_be()
    {
        File.WriteAllText(_folder.File("logs"), "a file in the way");
        using var logs = new FileLogs(new FileLogOptions { Path = _folder.File("logs/app.log") });
        logs.Log(0, 5);
        var flushed = logs.Flush();
        File.Delete(_folder.File("logs"));
        var flushedLater = logs.Flush();

        Assert.That((flushed, flushedLater), Is.EqualTo((false, true)));
        Assert.That(FileLogs.OrdersIn(_folder.File("logs/app.log")), Is.EqualTo(Enumerable.Range(0, 5)));
        Loudly(logs, _folder.File("logs"), "already exists", $"Telemetry:Logs:Sinks:{logs.Name}:Path");
    }

    [Test]
    public void A_file_system_that_nobody_may_write_is_told_and_written_to_when_one_may()
    {
        using var disk = SmallDisk.Mount(_folder.Path, "256k");
        using var logs = new FileLogs(new FileLogOptions { Path = Path.Combine(disk.Path, "app.log") });
        disk.Protect(readOnly: true);
        logs.Log(0, 5);
        var flushed = logs.Flush();
        disk.Protect(readOnly: false);
        var flushedLater = logs.Flush();

        Assert.That((flushed, flushedLater), Is.EqualTo((false, true)));
        Assert.That(FileLogs.OrdersIn(Path.Combine(disk.Path, "app.log")), Is.EqualTo(Enumerable.Range(0, 5)));
        Loudly(logs, "Read-only file system", disk.Path, $"Telemetry:Logs:Sinks:{logs.Name}:Path");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void What_stands_where_the_file_should_be_is_told(bool shared)
    {
        Directory.CreateDirectory(_folder.File("app.log"));
        using var logs = new FileLogs(new FileLogOptions { Path = _folder.File("app.log"), Shared = shared });
        logs.Log(0, 5);
        var flushed = logs.Flush();
        Directory.Delete(_folder.File("app.log"));
        var flushedLater = logs.Flush();

        Assert.That((flushed, flushedLater), Is.EqualTo((false, true)));
        Assert.That(FileLogs.OrdersIn(_folder.File("app.log")), Is.EqualTo(Enumerable.Range(0, 5)));
        Loudly(logs, "app.log' is denied", _folder.Path, $"Telemetry:Logs:Sinks:{logs.Name}:Path");
    }

    [Test]
    public void A_second_writer_of_a_file_that_is_not_shared_waits_for_the_first_to_end()
    {
        var options = new FileLogOptions { Path = _folder.File("app.log") };
        using var second = new FileLogs(options);
        bool flushed;
        using (var first = new FileLogs(options))
        {
            first.Log(0, 5);
            Assert.That(first.Flush());
            second.Log(5, 5);
            flushed = second.Flush();
        }

        Assert.That((flushed, second.Flush()), Is.EqualTo((false, true)));
        Assert.That(FileLogs.OrdersIn(_folder.File("app.log")), Is.EqualTo(Enumerable.Range(0, 10)));
        Loudly(second, "another process, or another sink, writes it", "Shared", $"Telemetry:Logs:Sinks:{second.Name}:Path");
    }

    private static List<int> OrdersBelow(string folder) =>
        [.. new LogFileNames(Path.Combine(folder, "app.log"), FileLogInterval.None).Find().OrderBy(file => file.Sequence).SelectMany(file => FileLogs.OrdersIn(file.Path))];

    /// <summary>There is one loud error, with all of these in it.</summary>
    private void Loudly(FileLogs logs, params string[] parts)
    {
        lock (_errors)
        {
            var loud = _errors.Where(error => error.Component == logs.Component).DistinctBy(error => error.Kind).ToArray();
            Assert.That(loud.Select(error => error.Problem).Distinct(), Has.Exactly(1).Items);
            Assert.That(loud.Count(error => error.IsFirst), Is.EqualTo(1));
            foreach (var part in parts) Assert.That($"{loud[0].Problem}. {loud[0].Remedy}", Does.Contain(part));
        }
    }

    private void Note(TelemetryError error)
    {
        lock (_errors) _errors.Add(error);
    }
}
