using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OtelTelemetry.AspNetCore.Tests.Support;
using OtelTelemetry.Logging.Levels;

namespace OtelTelemetry.AspNetCore.Tests;

/// <summary>Single requests that are logged in more detail than the rest.</summary>
public class RequestLogLevelTests
{
    private const string Secret = "5e884898da28047151d0e56f8dc62927";

    [Test]
    public async Task A_header_with_a_token_raises_the_level_of_its_request_alone()
    {
        var records = new Records();
        await using var host = await Start(records, ("Telemetry:Logs:Requests:Secret", Secret));
        var now = TimeProvider.System.GetUtcNow();

        await Get(host, "/plain", null);
        await Get(host, "/debug", LogLevelToken.Create(Secret, LogLevel.Debug, now.AddMinutes(10)));
        await Get(host, "/wrong", LogLevelToken.Create("another secret, which nobody set", LogLevel.Debug, now.AddMinutes(10)));
        await Get(host, "/ended", LogLevelToken.Create(Secret, LogLevel.Debug, now.AddMinutes(-1)));
        await Get(host, "/forever", LogLevelToken.Create(Secret, LogLevel.Debug, now.AddYears(1)));
        await Get(host, "/secret", Secret);

        Assert.That(records.Texts, Is.EqualTo(new[] { "looked at /debug", "answered /debug" }));
    }

    [Test]
    public async Task Without_a_secret_no_header_is_looked_at()
    {
        var records = new Records();
        await using var host = await Start(records);

        await Get(host, "/debug", LogLevelToken.Create(Secret, LogLevel.Debug, TimeProvider.System.GetUtcNow().AddMinutes(10)));

        Assert.That(records.Texts, Is.Empty);
    }

    [Test]
    public async Task A_part_of_all_requests_is_logged_in_more_detail_each_whole()
    {
        var records = new Records();
        await using var host = await Start(records, ("Telemetry:Logs:Requests:SampleRate", "0.25"));

        for (var i = 0; i < 400; i++) await Get(host, $"/{i}", null);

        var paths = records.Texts.Select(text => text.Split(' ')[^1]).GroupBy(path => path).ToArray();
        Assert.That(paths.Select(path => path.Count()), Is.All.EqualTo(2));
        Assert.That(paths, Has.Length.InRange(60, 140), "Four standard deviations around a hundred.");
    }

    [Test]
    public async Task The_sample_ends_at_its_time()
    {
        var records = new Records();
        await using var host = await Start(records, ("Telemetry:Logs:Requests:SampleRate", "1"), ("Telemetry:Logs:Requests:Until", "2020-01-01T00:00:00Z"));

        await Get(host, "/late", null);

        Assert.That(records.Texts, Is.Empty);
    }

    private static Task<WebHost> Start(Records records, params (string, string)[] settings) => WebHost.Start(
        app => app.MapGet("/{name}", async (string name, ILogger<Records> log) =>
        {
            log.LogDebug("looked at /{Name}", name);
            await Task.Yield();
            log.LogDebug("answered /{Name}", name);
        }),
        builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Services.ConfigureOpenTelemetryLoggerProvider(logs => logs.AddProcessor(records));
        },
        null,
        realServer: true,
        settings);

    private static async Task Get(WebHost host, string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (token is not null) request.Headers.Add("X-Log-Level", token);
        (await host.Client.SendAsync(request)).EnsureSuccessStatusCode();
    }

    private sealed class Records : BaseProcessor<LogRecord>
    {
        private readonly ConcurrentQueue<string> _texts = new();

        public IEnumerable<string> Texts => _texts;

        public override void OnEnd(LogRecord data)
        {
            if (data.CategoryName!.EndsWith(nameof(Records), StringComparison.Ordinal)) _texts.Enqueue(data.FormattedMessage ?? "");
        }
    }
}
