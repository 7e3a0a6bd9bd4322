using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OtelTelemetry.Processors.Logs;
using OtelTelemetry.Processors.Logs.Filter;

namespace OtelTelemetry.Tests.Processors.Logs;

/// <summary>Which records are dropped.</summary>
public sealed class LogFilterTests
{
    [Test]
    public async Task A_filter_drops_what_matches_everything_that_is_set()
    {
        using var host = LogHost.Start(new LogFilterOptions { Category = "Shop.*", Below = LogLevel.Warning, Message = "read {N}*", Attributes = new Dictionary<string, string> { ["Table"] = "ord*", ["tenant"] = "a" } });
        using (host.Logger.BeginScope(new Dictionary<string, object?> { ["tenant"] = "a" }))
        {
            host.Logger.LogInformation("read {N} from {Table}", 1, "orders");
            host.LoggerOf("Other").LogInformation("read {N} from {Table}", 2, "orders");
            host.Logger.LogWarning("read {N} from {Table}", 3, "orders");
            host.Logger.LogInformation("wrote {N} to {Table}", 4, "orders");
            host.Logger.LogInformation("read {N} from {Table}", 5, "users");
        }

        host.Logger.LogInformation("read {N} from {Table}", 6, "orders");
        await host.StopAsync();

        Assert.That(host.Lines.Select(line => line["N"]), Is.EqualTo(new object[] { 2, 3, 4, 5, 6 }));
    }

    [Test]
    public async Task Errors_stay_unless_they_are_to_be_dropped()
    {
        using var keeps = LogHost.Start(new LogFilterOptions { Message = "x*" });
        using var drops = LogHost.Start(new LogFilterOptions { Message = "x*", DropErrors = true });
        foreach (var host in new[] { keeps, drops })
        {
            host.Logger.LogError("x {N}", 1);
            host.Logger.LogWarning("x {N}", 2);
            await host.StopAsync();
        }

        Assert.That(keeps.Lines.Select(line => line["N"]), Is.EqualTo(new object[] { 1 }));
        Assert.That(drops.Lines, Is.Empty);
    }

    [Test]
    public async Task The_finished_text_counts_as_the_template_does()
    {
        using var host = LogHost.Start(new LogFilterOptions { Message = "* of ann" });
        host.Logger.LogInformation("login of {Name}", "ann");
        host.Logger.LogInformation("login of {Name}", "bob");
        await host.StopAsync();

        Assert.That(host.Lines.Single()["Name"], Is.EqualTo("bob"));
    }

    [Test]
    public async Task Paths_are_excluded_by_one_line_of_configuration()
    {
#pragma warning disable CA1727 // Names as OpenTelemetry and nginx write them.
        using var host = LogHost.Start(builder => builder.AddPepperTelemetry(), settings: [("Telemetry:Logs:ExcludedPaths", "/health,/metrics")]);
        var log = host.Logger;
        log.LogInformation("{N}: Request finished {Method} {Path}", 1, "GET", "/health");
        log.LogInformation("{N}: Request finished {Method} {Path}", 2, "GET", "/Health/live");
        log.LogInformation("{N}: Request finished {Method} {Path}", 3, "GET", "/healthy");
        log.LogInformation("{N}: {url.path}", 4, "/metrics");
        log.LogInformation("{N}: {Line}", 5, """127.0.0.1 - - [25/Nov/2026:21:03:04 +0000] "GET /health HTTP/1.1" 200 2 "-" "kube-probe/1.30" """);
        log.LogInformation("{N}: {Line}", 6, """127.0.0.1 - - [25/Nov/2026:21:03:04 +0000] "GET /metrics?name=up HTTP/1.1" 200 2 "-" "Prometheus/3.0" """);
        log.LogInformation("{N}: {Line}", 7, """127.0.0.1 - - [25/Nov/2026:21:03:04 +0000] "GET /orders?from=/health HTTP/1.1" 200 2 "-" "-" """);
        log.LogInformation("{N}: {request_uri}", 8, "/health?full=1");
        log.LogWarning("{N}: {Path}", 9, "/health");
        using (log.BeginScope(new Dictionary<string, object?> { ["RequestId"] = "1", ["RequestPath"] = "/health" }))
        {
            log.LogDebug("{N}: during it", 10);
            log.LogError("{N}: during it", 11);
        }

        log.LogInformation("{N}: wants /health", 12);
#pragma warning restore CA1727
        await host.StopAsync();

        Assert.That(host.Lines.Select(line => line["N"]), Is.EqualTo(new object[] { 3, 7, 9, 11, 12 }));
    }

    [Test]
    public async Task A_filter_knows_paths_too()
    {
        using var host = LogHost.Start(new LogFilterOptions { Path = "/API/v?/*" });
        host.Logger.LogInformation("{N} {Path}", 1, "/api/v1/orders?x=1");
        host.Logger.LogInformation("{N} GET /api/v2/orders HTTP/1.1", 2);
        host.Logger.LogInformation("{N} {Path}", 3, "/api/orders");
        await host.StopAsync();

        Assert.That(host.Lines.Single()["N"], Is.EqualTo(3));
    }

    [Test]
    public async Task Filtering_allocates_nothing_more_than_logging_does()
    {
        using var plain = LogHost.Start(builder => builder.AddPepperTelemetry().AddLogProcessor(_ => new DropsAll()));
        using var filtered = LogHost.Start(builder => builder
            .AddPepperTelemetry(options => options.Logs.ExcludedPaths.Add("/health"))
            .AddLogProcessor(new LogFilterOptions { Message = "x*", Attributes = new Dictionary<string, string> { ["a"] = "b" } })
            .AddLogProcessor(_ => new DropsAll()));
        var (plainly, withFilter) = (Allocated(plain.Logger), Allocated(filtered.Logger));

        Assert.That(withFilter, Is.LessThanOrEqualTo(plainly + 8), "Bytes a record.");
        await plain.StopAsync();
        await filtered.StopAsync();

        static long Allocated(ILogger logger)
        {
            for (var i = 0; i < 500; i++) logger.LogInformation("work of {Name}", "ann");
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 500; i++) logger.LogInformation("work of {Name}", "ann");
            return (GC.GetAllocatedBytesForCurrentThread() - before) / 500;
        }
    }

    /// <summary>Stands last, so that no exporter of the test allocates.</summary>
    private sealed class DropsAll : LogProcessor
    {
        public override bool Process(LogRecord record) => false;
    }
}
