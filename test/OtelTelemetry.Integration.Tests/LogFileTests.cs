using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Text.Json;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>Log files of processes that are killed, and of several that write one file.</summary>
[TestFixture]
public sealed class LogFileTests
{
    private const long QueueBytes = 256 * 1024;

    private readonly List<Process> _processes = [];
    private string _folder = null!;

    private string Log => Path.Combine(_folder, "app.log");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("oteltelemetry-log-files-").FullName;

    [TearDown]
    public void EndProcesses()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited) process.Kill();
            process.Dispose();
        }

        _processes.Clear();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_process_that_is_killed_loses_no_more_than_its_queue_and_glues_no_lines(bool shared)
    {
        var runs = new List<(string Writer, int First, long Accepted)>();
        for (var run = 0; run < 3; run++)
        {
            var (writer, first) = ($"run{run}", run * 10_000_000);
            var process = Start(writer, first, 9_000_000, shared, fileBytes: 2_000_000);
            await Eventually.Get($"{writer} is in the middle", () => Task.FromResult((Count: Accepted(writer) - first, process.HasExited)), seen => seen.Count > 20_000 * (run + 1) || seen.HasExited);
            process.Kill();
            await process.WaitForExitAsync();
            runs.Add((writer, first, Accepted(writer)));
        }

        var last = Start("last", 0, 100, shared, fileBytes: 2_000_000);
        await last.WaitForExitAsync();

        Assert.That(last.ExitCode, Is.Zero);
        var lines = Lines();
        foreach (var (writer, first, accepted) in runs)
        {
            var written = lines.Where(line => line.Writer == writer).ToList();
            Assert.That(written.Select(line => line.Number), Is.EqualTo(Enumerable.Range(first, written.Count)), "Nothing is missing in the middle, and the order is kept.");
            var lost = Math.Max(0, accepted - first - written.Count);
            TestContext.Out.WriteLine($"{writer}: accepted {accepted - first}, written {written.Count}, lost {lost}");
            Assert.That(lost * written.Average(line => line.Bytes), Is.LessThanOrEqualTo(QueueBytes));
        }

        Assert.That(lines.Where(line => line.Writer == "last").Select(line => line.Number), Is.EqualTo(Enumerable.Range(0, 100)));
    }

    [Test]
    public async Task Processes_that_share_a_file_lose_no_line_and_tear_none()
    {
        const int count = 30_000;
        var processes = new[] { Start("one", 0, count, shared: true, fileBytes: 1_000_000), Start("two", 0, count, shared: true, fileBytes: 1_000_000) };
        foreach (var process in processes)
        {
            await process.WaitForExitAsync();
            Assert.That(process.ExitCode, Is.Zero);
        }

        var lines = Lines();
        Assert.That(lines, Has.Count.EqualTo(2 * count));
        foreach (var writer in new[] { "one", "two" })
        {
            Assert.That(lines.Where(line => line.Writer == writer).Select(line => line.Number), Is.EqualTo(Enumerable.Range(0, count)), writer);
        }

        Assert.That(Directory.EnumerateFiles(_folder, "app*.log").Select(file => new FileInfo(file).Length), Is.All.LessThan(1_000_000 + 512));
    }

    private Process Start(string writer, int first, int count, bool shared, long fileBytes)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false };
        foreach (var argument in new[]
        {
            Repository.PathToTestProgram("OtelTelemetry.Integration.LogWriter"), Log, Mapped(writer), writer, first.ToString(CultureInfo.InvariantCulture), count.ToString(CultureInfo.InvariantCulture),
            shared.ToString(), QueueBytes.ToString(CultureInfo.InvariantCulture), fileBytes.ToString(CultureInfo.InvariantCulture),
        }) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        _processes.Add(process);
        return process;
    }

    private string Mapped(string writer) => Path.Combine(_folder, writer + ".accepted");

    private long Accepted(string writer)
    {
        if (!File.Exists(Mapped(writer)) || new FileInfo(Mapped(writer)).Length < sizeof(long)) return 0;
        using var stream = new FileStream(Mapped(writer), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        using var view = file.CreateViewAccessor(0, sizeof(long), MemoryMappedFileAccess.Read);
        return view.ReadInt64(0);
    }

    /// <summary>Every line of every file, in the order of the files; each must be whole.</summary>
    private List<(string Writer, int Number, int Bytes)> Lines() =>
        [.. Directory.EnumerateFiles(_folder, "app*.log").OrderBy(file => file.Length).ThenBy(file => file, StringComparer.Ordinal).SelectMany(File.ReadLines).Select(line =>
        {
            using var json = JsonDocument.Parse(line);
            var attributes = json.RootElement.GetProperty("attributes");
            return (attributes.GetProperty("Writer").GetString()!, attributes.GetProperty("Number").GetInt32(), line.Length + 1);
        })];
}
