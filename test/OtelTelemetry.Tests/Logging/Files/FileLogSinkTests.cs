using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Logging.Formats;
using OtelTelemetry.Logging.Sinks.Files;
using OtelTelemetry.Tests.Processors.Logs;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Logging.Files;

/// <summary>Log files: how they are written, rolled, bounded and compressed.</summary>
public sealed class FileLogSinkTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_record_is_a_line_of_JSON_in_a_directory_that_is_made()
    {
        using (var logs = new FileLogs(new FileLogOptions { Path = _folder.File("deep/down/app.log") }))
        {
            logs.Logger.LogWarning(new EventId(17, "StockLow"), "Stock of {Sku} is\nlow", "A7");
        }

        using var json = JsonDocument.Parse(FileLogs.LinesOf(_folder.File("deep/down/app.log")).Single());
        var record = json.RootElement;
        Assert.That(
            (record.GetProperty("level").GetString(), record.GetProperty("event_id").GetInt32(), record.GetProperty("message").GetString(), record.GetProperty("attributes").GetProperty("Sku").GetString()),
            Is.EqualTo(("Warning", 17, "Stock of A7 is\nlow", "A7")));
    }

    [TestCase(LogFormat.Ecs, "\"log.level\":\"Information\"")]
    [TestCase(LogFormat.Text, "Z Information Shop.Orders Received order")]
    public void Other_formats_can_be_written(LogFormat format, string expected)
    {
        using (var logs = new FileLogs(new FileLogOptions { Path = _folder.File("app.log"), Format = format })) logs.Log(0, 1);

        Assert.That(FileLogs.LinesOf(_folder.File("app.log")).Single(), Does.Contain(expected));
    }

    [Test]
    public void A_record_that_waits_is_written_when_its_time_has_come()
    {
        using var logs = new FileLogs(new FileLogOptions { Path = _folder.File("app.log"), FlushInterval = TimeSpan.FromSeconds(5) });

        logs.Log(0, 3);
        logs.Clock.Advance(TimeSpan.FromSeconds(4.9));
        var before = logs.Sink.Statistics.Written;
        logs.Clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.That(() => logs.Sink.Statistics.Written, Is.EqualTo(3).After(20_000, 5));
        Assert.That(before, Is.Zero);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_file_that_is_full_is_followed_by_the_next(bool shared)
    {
        const int limit = 10_000;
        using (var logs = new FileLogs(new FileLogOptions { Path = _folder.File("app.log"), MaxFileBytes = limit, Shared = shared }))
        {
            for (var i = 0; i < 20; i++)
            {
                logs.Log(i * 25, 25, new string('x', i));
                Assert.That(logs.Flush());
            }

            Assert.That(logs.Sink.Statistics.Written, Is.EqualTo(500));
        }

        var files = Plain();
        Assert.That(files.Length, Is.GreaterThan(8));
        Assert.That(files.SelectMany(FileLogs.OrdersIn), Is.EqualTo(Enumerable.Range(0, 500)));
        Assert.That(files.SkipLast(1).Select(file => new FileInfo(file).Length), Is.All.InRange(limit, limit + 400));
    }

    [Test]
    public void The_oldest_are_deleted_beyond_the_number_of_files()
    {
        using (var logs = new FileLogs(new FileLogOptions { Path = _folder.File("app.log"), MaxFileBytes = 2048, MaxTotalBytes = null, MaxFiles = 3 }))
        {
            logs.Log(0, 200);
        }

        var kept = Plain();
        var orders = kept.SelectMany(FileLogs.OrdersIn).ToArray();
        Assert.That(kept, Has.Length.EqualTo(3));
        Assert.That(orders, Is.EqualTo(Enumerable.Range(200 - orders.Length, orders.Length)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void All_files_together_stay_below_their_bound(bool compress)
    {
        const int total = 9000;
        using var logs = new FileLogs(new FileLogOptions { Path = _folder.File("app.log"), MaxFileBytes = 2048, MaxTotalBytes = total, MaxFiles = null, Compress = compress });
        for (var i = 0; i < 100; i++)
        {
            logs.Log(i * 5, 5);
            logs.Flush();
            logs.Sink.Housekeeping.WaitUntilIdle(TimeSpan.FromSeconds(30));

            // The last record of a file may go beyond it.
            Assert.That(new DirectoryInfo(_folder.Path).EnumerateFiles("app*").Sum(file => file.Length), Is.LessThan(total + 300));
        }

        Assert.That(_folder.Files.Count, Is.GreaterThan(3));
    }

    [Test]
    public void Files_that_are_closed_are_compressed_whole()
    {
        using (var logs = new FileLogs(new FileLogOptions { Path = _folder.File("app.log"), MaxFileBytes = 4096, Compress = true }))
        {
            for (var i = 0; i < 10; i++)
            {
                logs.Log(i * 10, 10);
                logs.Flush();
            }
        }

        var last = Plain().Single();
        var compressed = Compressed();
        Assert.That(compressed.Length, Is.GreaterThan(2));
        Assert.That(compressed.Append(last).SelectMany(FileLogs.OrdersIn), Is.EqualTo(Enumerable.Range(0, 100)));
        Assert.That(_folder.Files, Has.None.Contains("tmp"));
    }

    [Test]
    public void What_a_process_left_behind_that_was_killed_while_it_compressed_is_tidied_up()
    {
        Fill(compress: true);
        var finished = Compressed().First();
        var plain = finished[..^3];
        File.WriteAllBytes(plain, FileLogs.BytesOf(finished));
        File.SetLastWriteTimeUtc(plain, File.GetLastWriteTimeUtc(finished));
        File.WriteAllText(_folder.File("app_001.log.gz.tmp"), "half");
        File.WriteAllText(_folder.File("other.log.gz.tmp"), "of another");

        using (var logs = new FileLogs(new FileLogOptions { Path = _folder.File("app.log"), MaxFileBytes = 4096, Compress = true })) logs.Log(100, 1);

        Assert.That(_folder.Files.Where(file => file.EndsWith(".tmp", StringComparison.Ordinal)), Is.EqualTo(new[] { "other.log.gz.tmp" }));
        Assert.That(File.Exists(plain), Is.False);
        Assert.That(Compressed().Append(Plain().Single()).SelectMany(FileLogs.OrdersIn), Is.EqualTo(Enumerable.Range(0, 101)));
    }

    [Test]
    public void A_compressed_file_of_the_same_name_is_not_overwritten()
    {
        Fill(compress: true);
        var before = Compressed().ToDictionary(file => file, File.ReadAllBytes);
        foreach (var file in Plain()) File.Delete(file);

        Fill(compress: true);

        foreach (var (file, bytes) in before) Assert.That(File.ReadAllBytes(file), Is.EqualTo(bytes), file);
        Assert.That(_folder.Files, Has.Some.EqualTo("app.log.2.gz"));
        Assert.That(FileLogs.OrdersIn(_folder.File("app.log.2.gz")), Is.EqualTo(FileLogs.OrdersIn(_folder.File("app.log.gz"))));
    }

    [Test]
    public void A_file_of_another_day_is_closed()
    {
        var old = _folder.File("app20250101.log");
        File.WriteAllText(old, "{\"attributes\":{\"Id\":7}}\n");
        using (var logs = new FileLogs(new FileLogOptions { Path = _folder.File("app.log"), Interval = FileLogInterval.Day, Compress = true })) logs.Log(0, 1);

        Assert.That(FileLogs.OrdersIn(old + ".gz"), Is.EqualTo(new[] { 7 }));
        var today = TimeProvider.System.GetLocalNow();
        Assert.That(Plain().Select(Path.GetFileName), Is.SubsetOf(new[] { $"app{today:yyyyMMdd}.log", $"app{today.AddDays(-1):yyyyMMdd}.log" }));
    }

    [TestCase(LogFormat.Json, false)]
    [TestCase(LogFormat.Json, true)]
    [TestCase(LogFormat.Text, false)]
    [TestCase(LogFormat.Text, true)]
    public void A_line_is_never_glued_to_one_that_a_killed_process_left_unfinished(LogFormat format, bool shared)
    {
        var path = _folder.File("app.log");
        File.WriteAllText(path, "{\"a\":1}\n{\"b\":" + new string('x', 10_000));
        using (var logs = new FileLogs(new FileLogOptions { Path = path, Format = format, Shared = shared }))
        {
            logs.Log(0, 1);
            Assert.That(logs.Flush());
            logs.Log(1, 1);
        }

        var lines = FileLogs.LinesOf(path).ToArray();
        Assert.That(lines, Has.Length.EqualTo(format == LogFormat.Text ? 4 : 3), "Half a line of JSON is worth nothing; half a text may tell something.");
        Assert.That(lines[0], Is.EqualTo("{\"a\":1}"));
        Assert.That(lines[^2], Does.Contain("Received order 0"));
        Assert.That(lines[^1], Does.Contain("Received order 1"));
    }

    [TestCase("moved", false)]
    [TestCase("moved", true)]
    [TestCase("deleted", false)]
    [TestCase("deleted", true)]
    [TestCase("replaced", false)]
    [TestCase("replaced", true)]
    [TestCase("emptied", false)]
    [TestCase("emptied", true)]
    public void A_file_that_another_program_rotates_is_opened_again(string how, bool shared)
    {
        var path = _folder.File("app.log");
        using (var logs = new FileLogs(new FileLogOptions { Path = path, Shared = shared }))
        {
            logs.Log(0, 10);
            Assert.That(logs.Flush());
            if (how is "moved" or "replaced") File.Move(path, path + ".1");
            if (how is "deleted") File.Delete(path);
            if (how is "replaced") File.WriteAllText(path, "");
            if (how is "emptied") File.WriteAllText(path, "");
            logs.Log(10, 10);
            Assert.That(logs.Flush());
            logs.Log(20, 1);
        }

        Assert.That(FileLogs.OrdersIn(path), Is.EqualTo(Enumerable.Range(10, 11)));
        if (how is "moved" or "replaced") Assert.That(FileLogs.OrdersIn(path + ".1"), Is.EqualTo(Enumerable.Range(0, 10)));
    }

    [Test]
    public void Two_that_share_a_file_lose_no_line()
    {
        using (var one = new FileLogs(new FileLogOptions { Path = _folder.File("app.log"), MaxFileBytes = 20_000, MaxFiles = null, Shared = true }))
        using (var other = new FileLogs(new FileLogOptions { Path = _folder.File("app.log"), MaxFileBytes = 20_000, MaxFiles = null, Shared = true }))
        {
            Parallel.ForEach([(one, 0), (other, 1000)], pair =>
            {
                for (var i = 0; i < 100; i++)
                {
                    pair.Item1.Log(pair.Item2 + (i * 10), 10);
                    pair.Item1.Flush();
                }
            });
            Assert.That((one.Sink.Statistics.Written, other.Sink.Statistics.Written), Is.EqualTo((1000L, 1000L)));
        }

        var orders = Plain().SelectMany(FileLogs.OrdersIn).ToArray();
        Assert.That(orders.Where(order => order < 1000), Is.EqualTo(Enumerable.Range(0, 1000)));
        Assert.That(orders.Where(order => order >= 1000), Is.EqualTo(Enumerable.Range(1000, 1000)));
    }

    [Test]
    public void None_of_a_corpus_of_secrets_reaches_a_file_or_the_console()
    {
        var secrets = SecretCorpus.Make(240);
        using var console = new MemoryStream();
        using (var host = LogHost.Start(builder => builder
            .AddPepperTelemetry(options => options.Logs.Processors.Add(new OtelTelemetry.Processors.Logs.Redact.RedactLogsOptions()))
            .AddFileLogs(_folder.File("json.log"))
            .AddFileLogs(new FileLogOptions { Path = _folder.File("ecs.log"), Format = LogFormat.Ecs }, "ecs")
            .AddFileLogs(new FileLogOptions { Path = _folder.File("text.log"), Format = LogFormat.Text }, "text")
            .AddLogSink("console", new StreamLogOptions(console) { Pretty = true })))
        {
            var records = RedactLogsTests.LogAll(host.Logger, secrets);
            host.Flush();
            Assert.That(FileLogs.LinesOf(_folder.File("json.log")).Count(line => line.Contains("Shop.Orders", StringComparison.Ordinal)), Is.EqualTo(records));
        }

        var texts = new[] { "json.log", "ecs.log", "text.log" }.Select(file => File.ReadAllText(_folder.File(file))).Append(System.Text.Encoding.UTF8.GetString(console.ToArray())).ToArray();
        Assert.That(texts, Has.All.Contains("[redacted]"));
        Assert.That(secrets.Where(secret => texts.Any(text => Holds(text, secret.Secret))).Select(secret => secret.Written), Is.Empty);
    }

    /// <summary>Whether a secret stands in a text, as it is or as JSON has it.</summary>
    private static bool Holds(string text, string secret) =>
        text.Contains(secret, StringComparison.Ordinal) || text.Contains(JsonSerializer.Serialize(secret).Trim('"'), StringComparison.Ordinal);

    private void Fill(bool compress)
    {
        using var logs = new FileLogs(new FileLogOptions { Path = _folder.File("app.log"), MaxFileBytes = 4096, Compress = compress });
        logs.Log(0, 100);
    }

    /// <summary>In the order in which they were begun.</summary>
    private string[] Plain() => [.. Found(LogFileKind.Plain)];

    private string[] Compressed() => [.. Found(LogFileKind.Compressed)];

    private IEnumerable<string> Found(LogFileKind kind)
    {
        var interval = _folder.Files.Any(file => file.StartsWith("app20", StringComparison.Ordinal)) ? FileLogInterval.Day : FileLogInterval.None;
        return new LogFileNames(_folder.File("app.log"), interval).Find().Where(file => file.Kind == kind).OrderBy(file => file.Period, StringComparer.Ordinal).ThenBy(file => file.Sequence).Select(file => file.Path);
    }
}
