using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.DependencyInjection;
using OtelTelemetry.Logging.Sinks.Files;
using OtelTelemetry.Processors.Logs.RateLimit;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Logging.Files;

/// <summary>A million records: none is torn, lost or out of order, and none is written that was to be left out.</summary>
[NonParallelizable]
public sealed class ManyRecordsTests
{
    private const int Threads = 8;
    private const int PerThread = 125_000;
    private const int FileBytes = 10 * 1024 * 1024;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_million_records_of_eight_threads_are_each_in_a_file_kept_or_rotated_away()
    {
        Directory.CreateDirectory(_folder.File("deleted"));
        var path = _folder.File("logs/app.log");
        var deleted = 0;
        using (var logs = new FileLogs(new FileLogOptions { Path = path, MaxFileBytes = FileBytes, MaxFiles = 5, MaxTotalBytes = null, Compress = true, MaxQueueBytes = 64 * 1024 * 1024 }))
        {
            logs.Sink.Housekeeping.Deleting = file =>
            {
                deleted++;
                File.Copy(file, Path.Combine(_folder.File("deleted"), Path.GetFileName(file)));
            };
            var threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() => LogAll(logs, thread))).ToArray();
            foreach (var thread in threads) thread.Start();
            foreach (var thread in threads) thread.Join();
            Assert.That(logs.Flush());
            Assert.That(logs.Sink.Statistics, Is.EqualTo(new OtelTelemetry.Logging.Sinks.Queue.LogSinkStatistics(Threads * PerThread, Threads * PerThread, 0, 0)));
        }

        var kept = Files(_folder.File("logs"));
        var all = Files(_folder.File("deleted")).Concat(kept).OrderBy(file => file.Sequence).ToArray();
        Assert.That(kept, Has.Count.EqualTo(5));
        Assert.That(kept.Count(file => file.Kind == LogFileKind.Compressed), Is.EqualTo(4));
        Assert.That(all, Has.Length.EqualTo(deleted + 5));
        var next = new int[Threads];
        foreach (var file in all) Check(file, next, isLast: file == all[^1]);
        Assert.That(next, Is.All.EqualTo(PerThread));
    }

    /// <summary>A million where it runs always; ten million, or more, with the test parameter <c>records</c>.</summary>
    [Test]
    public async Task The_same_error_over_and_over_is_there_a_few_times_with_summaries_that_add_up()
    {
        var records = TestContext.Parameters.Get("records", 1_000_000);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.AddPepperTelemetry(options => options.Logs.Processors.Add(new LogRateLimitOptions { MaxRecords = 10, Period = TimeSpan.FromSeconds(1) })).AddFileLogs(_folder.File("app.log"));
        using (var host = builder.Build())
        {
            await host.StartAsync();
            var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop.Orders");
            var started = TimeProvider.System.GetTimestamp();
            for (var i = 0; i < records; i++) logger.LogError(new EventId(7, "db"), "Cannot reach {Host}", "db1");
            var elapsed = TimeProvider.System.GetElapsedTime(started);
            await host.StopAsync();
            TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{records} records in {elapsed.TotalSeconds:0.00} s, {elapsed.TotalNanoseconds / records:0} ns each"));
        }

        long passed = 0, suppressed = 0, summaries = 0;
        foreach (var line in FileLogs.LinesOf(_folder.File("app.log")))
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.GetProperty("category").GetString() != "Shop.Orders") continue;
            if (json.RootElement.GetProperty("attributes").TryGetProperty("suppressed.count", out var count))
            {
                suppressed += count.GetInt64();
                summaries++;
            }
            else
            {
                Assert.That(passed < 10 ? suppressed : 0, Is.Zero, "The first ones come first.");
                passed++;
            }
        }

        TestContext.Out.WriteLine($"passed {passed} + suppressed {suppressed} in {summaries} summaries = {passed + suppressed}");
        Assert.That(passed + suppressed, Is.EqualTo(records));
        Assert.That(passed, Is.InRange(10, 10 * (summaries + 1)));
    }

    private static void LogAll(FileLogs logs, int thread)
    {
        for (var i = 0; i < PerThread; i++)
        {
            logs.Logger.LogInformation("Thread {Thread} says {Number}", thread, i);

            // As long as it waits nothing is dropped: what is looked at here is the file.
            if (i % 64 == 0) SpinWait.SpinUntil(() => logs.Sink.Statistics.Pending < 150_000);
        }
    }

    private static List<LogFile> Files(string folder) => [.. new LogFileNames(Path.Combine(folder, "app.log"), FileLogInterval.None).Find()];

    private static void Check(LogFile file, int[] next, bool isLast)
    {
        var bytes = FileLogs.BytesOf(file.Path);
        var start = 0;
        var last = 0;
        for (int end; (end = bytes.AsSpan(start).IndexOf((byte)'\n')) >= 0; start += end + 1)
        {
            last = end + 1;
            using var json = JsonDocument.Parse(bytes.AsMemory(start, end));
            var attributes = json.RootElement.GetProperty("attributes");
            var thread = attributes.GetProperty("Thread").GetInt32();
            var number = attributes.GetProperty("Number").GetInt32();
            if (next[thread]++ != number) Assert.Fail($"{file.Path}: thread {thread} said {number}, after {next[thread] - 2}");
        }

        Assert.That(start, Is.EqualTo(bytes.Length), $"{file.Path} ends with a line");
        Assert.That(bytes.Length - last, Is.LessThan(FileBytes), $"{file.Path} goes beyond its limit by one record at most");
        if (!isLast) Assert.That(bytes.Length, Is.GreaterThanOrEqualTo(FileBytes), file.Path);
    }
}
