using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OtelTelemetry.AspNetCore.Tests.Support;

namespace OtelTelemetry.AspNetCore.Tests;

/// <summary>What ASP.NET Core and the application log while they answer probes and scrapes.</summary>
public class ExcludedLogPathTests
{
    [Test]
    public async Task One_line_of_configuration_leaves_out_what_is_logged_for_probes_and_scrapes()
    {
        var records = new Records();
        await using (var host = await WebHost.Start(
            app =>
            {
                app.MapGet("/health", (ILogger<Records> log) => Answer(log, "probe"));
                app.MapGet("/orders", (ILogger<Records> log) => Answer(log, "order"));
                app.MapPepperTelemetry();
            },
            builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Debug);
                builder.Services.ConfigureOpenTelemetryLoggerProvider(logs => logs.AddProcessor(records));
            },
            null,
            realServer: true,
            ("Telemetry:Logs:ExcludedPaths", "/health,/metrics")))
        {
            foreach (var path in new[] { "/health", "/metrics", "/orders" }) (await host.Client.GetAsync(new Uri(path, UriKind.Relative))).EnsureSuccessStatusCode();
        }

        Assert.That(records.Own, Is.EqualTo(new[] { "probe is slow", "work of order", "order is slow" }), "A warning stays.");
        Assert.That(records.OfRequests.Where(line => line.Contains("/orders", StringComparison.Ordinal)), Is.Not.Empty);
        Assert.That(records.OfRequests.Where(line => line.Contains("/health", StringComparison.Ordinal) || line.Contains("/metrics", StringComparison.Ordinal)), Is.Empty);
    }

    private static string Answer(ILogger log, string what)
    {
        log.LogInformation("work of {What}", what);
        log.LogWarning("{What} is slow", what);
        return what;
    }

    private sealed class Records : BaseProcessor<LogRecord>
    {
        private readonly ConcurrentQueue<(string Category, string Text)> _lines = new();

        public IEnumerable<string> Own => _lines.Where(line => line.Category.EndsWith(nameof(Records), StringComparison.Ordinal)).Select(line => line.Text);

        public IEnumerable<string> OfRequests => _lines.Where(line => line.Category.StartsWith("Microsoft.AspNetCore.Hosting", StringComparison.Ordinal)).Select(line => line.Text);

        public override void OnEnd(LogRecord data) => _lines.Enqueue((data.CategoryName!, data.FormattedMessage ?? data.Body ?? ""));
    }
}
