using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Logging.Formats;
using OtelTelemetry.Logging.Sinks.Files;
using OtelTelemetry.Tests.Processors.Logs;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Logging.Files;

/// <summary>How log files are configured and named.</summary>
public sealed class FileLogSettingTests
{
    [Test]
    public void A_file_is_read_from_the_configuration_with_all_its_settings()
    {
        using var folder = new TemporaryFolder();
        using var host = LogHost.Start(builder => builder.AddPepperTelemetry().AddFileLogs(), settings:
        [
            ("Telemetry:Logs:Sinks:app:Type", "file"),
            ("Telemetry:Logs:Sinks:app:Path", folder.File("app.log")),
            ("Telemetry:Logs:Sinks:app:Format", "ecs"),
            ("Telemetry:Logs:Sinks:app:MaxFileBytes", "1MiB"),
            ("Telemetry:Logs:Sinks:app:Interval", "hour"),
            ("Telemetry:Logs:Sinks:app:MaxFiles", "none"),
            ("Telemetry:Logs:Sinks:app:MaxTotalBytes", "64MiB"),
            ("Telemetry:Logs:Sinks:app:Compress", "true"),
            ("Telemetry:Logs:Sinks:app:Shared", "true"),
            ("Telemetry:Logs:Sinks:app:FlushInterval", "250ms"),
            ("Telemetry:Logs:Sinks:app:MaxQueueBytes", "1MiB"),
            ("Telemetry:Logs:Sinks:app:Level", "Warning"),
        ]);

        host.Logger.LogWarning("Stock is low");
        host.Flush();

        var sink = host.Services.GetRequiredService<TelemetryOptions>().Logs.Sinks["app"];
        Assert.That(sink, Is.EqualTo(new FileLogOptions
        {
            Path = folder.File("app.log"), Format = LogFormat.Ecs, MaxFileBytes = 1 << 20, Interval = FileLogInterval.Hour, MaxFiles = null, MaxTotalBytes = 64 << 20,
            Compress = true, Shared = true, FlushInterval = TimeSpan.FromMilliseconds(250), MaxQueueBytes = 1 << 20, Level = LogLevel.Warning,
        }));
        Assert.That(folder.Files, Has.Some.Match("^app[0-9]{10}\\.log$"));
    }

    [Test]
    public void Wrong_settings_are_reported_at_the_start_all_at_once()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => LogHost.Start(builder => builder.AddPepperTelemetry().AddFileLogs(), settings:
        [
            ("Telemetry:Logs:Sinks:File:MaxFileBytes", "12"),
            ("Telemetry:Logs:Sinks:File:MaxFiles", "0"),
            ("Telemetry:Logs:Sinks:File:MaxTotalBytes", "1"),
            ("Telemetry:Logs:Sinks:File:FlushInterval", "2h"),
            ("Telemetry:Logs:Sinks:File:MaxQueueBytes", "12"),
            ("Telemetry:Logs:Sinks:File:Interval", "century"),
            ("Telemetry:Logs:Sinks:two:Type", "File"),
            ("Telemetry:Logs:Sinks:two:Path", "/var/log/"),
            ("Telemetry:Logs:Sinks:two:MaxFileBytes", "2KiB"),
            ("Telemetry:Logs:Sinks:two:MaxTotalBytes", "1KiB"),
        ]));

        foreach (var key in new[] { "File:MaxFileBytes", "File:MaxFiles", "File:MaxTotalBytes", "File:FlushInterval", "File:MaxQueueBytes", "File:Interval", "two:Path", "two:MaxTotalBytes" })
        {
            Assert.That(error!.Message, Does.Contain($"Telemetry:Logs:Sinks:{key}: "));
        }

        Assert.That(error!.Message, Does.Contain("Sinks.File.Path: it is missing"));
    }

    [TestCase("app.log", FileLogInterval.None, "", 0, LogFileKind.Plain)]
    [TestCase("app_001.log", FileLogInterval.None, "", 1, LogFileKind.Plain)]
    [TestCase("app_12345.log.gz", FileLogInterval.None, "", 12345, LogFileKind.Compressed)]
    [TestCase("app_001.log.2.gz", FileLogInterval.None, "", 1, LogFileKind.Compressed)]
    [TestCase("app20260314_002.log.gz.tmp", FileLogInterval.Day, "20260314", 2, LogFileKind.Unfinished)]
    [TestCase("app2026031415.log", FileLogInterval.Hour, "2026031415", 0, LogFileKind.Plain)]
    public void Its_files_are_known_by_their_names(string name, FileLogInterval interval, string period, int sequence, object kind) =>
        Assert.That(new LogFileNames("/logs/app.log", interval).Parse("/logs/" + name), Is.EqualTo(new LogFile("/logs/" + name, period, sequence, (LogFileKind)kind)));

    [TestCase("app.log", FileLogInterval.Day)]
    [TestCase("app20260314.log", FileLogInterval.None)]
    [TestCase("app_01.log", FileLogInterval.None)]
    [TestCase("app_.log", FileLogInterval.None)]
    [TestCase("app_99999999999.log", FileLogInterval.None)]
    [TestCase("apple.log", FileLogInterval.None)]
    [TestCase("app.log.1", FileLogInterval.None)]
    [TestCase("app.log.x.gz", FileLogInterval.None)]
    [TestCase("app.logs", FileLogInterval.None)]
    [TestCase("app.txt", FileLogInterval.None)]
    [TestCase("ap", FileLogInterval.None)]
    public void Other_files_are_left_alone(string name, FileLogInterval interval) =>
        Assert.That(new LogFileNames("/logs/app.log", interval).Parse("/logs/" + name), Is.Null);

    [Test]
    public void Where_an_unfinished_line_begins_is_found_in_any_file() => Prop.ForAll(
        Gen.Choose(0, 9000).Two().ToArbitrary(),
        lengths =>
        {
            var (whole, half) = lengths;
            var path = Path.GetTempFileName();
            try
            {
                var line = whole == 0 ? "" : new string('a', whole - 1) + "\n";
                File.WriteAllText(path, line + new string('b', half));
                LineEnd.Repair(path, cut: true);
                var cut = File.ReadAllText(path);
                File.WriteAllText(path, line + new string('b', half));
                LineEnd.Repair(path, cut: false);
                return cut == line && File.ReadAllText(path) == line + (half == 0 ? "" : new string('b', half) + "\n");
            }
            finally
            {
                File.Delete(path);
            }
        }).QuickCheckThrowOnFailure();
}
