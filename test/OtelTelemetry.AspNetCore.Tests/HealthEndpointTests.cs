using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.AspNetCore.Tests.Support;
using OtelTelemetry.Health;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.AspNetCore.Tests;

public class HealthEndpointTests
{
    private readonly FakeClock _clock = new();

    [TestCase(HealthStatus.Healthy, 200, "healthy")]
    [TestCase(HealthStatus.Degraded, 200, "degraded")]
    [TestCase(HealthStatus.Unhealthy, 503, "unhealthy")]
    public async Task Readiness_is_the_state_of_the_checks(HealthStatus result, int status, string text)
    {
        await using var host = await Start(checks => checks.AddCheck("db", () => new HealthCheckResult(result)));
        Assert.That(await Get(host, "/ready"), Is.EqualTo((503, """{"status":"unknown"}""")), "It is not ready before it knows.");

        await Round(host);

        Assert.That(await Get(host, "/ready"), Is.EqualTo((status, $$"""{"status":"{{text}}"}""")));
        Assert.That(await Get(host, "/health"), Is.EqualTo((200, """{"status":"healthy"}""")), "What is not tagged live says nothing against living.");
    }

    [Test]
    public async Task Liveness_is_the_state_of_live_checks_and_unknown_is_alive()
    {
        await using var host = await Start(checks => checks.AddCheck("deadlock", () => HealthCheckResult.Unhealthy(), ["live"]));
        Assert.That(await Get(host, "/health"), Is.EqualTo((200, """{"status":"healthy"}""")));
        await Round(host);
        Assert.That(await Get(host, "/health"), Is.EqualTo((503, """{"status":"unhealthy"}""")));
        Assert.That(await Get(host, "/ready"), Is.EqualTo((200, """{"status":"healthy"}""")));
    }

    [Test]
    public async Task Groups_are_found_by_tag()
    {
        await using var host = await Start(checks => checks.AddCheck("db", () => HealthCheckResult.Degraded(), ["sql"]).AddCheck("other", () => HealthCheckResult.Unhealthy()));
        await Round(host);
        Assert.That(await Get(host, "/health/sql"), Is.EqualTo((200, """{"status":"degraded"}""")));
        Assert.That(await Get(host, "/health/ready"), Is.EqualTo((503, """{"status":"unhealthy"}""")));
        Assert.That((await Get(host, "/health/nosql")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Paths_and_statuses_are_settings()
    {
        await using var host = await Start(
            checks => checks.AddCheck("a", () => HealthCheckResult.Degraded(), ["one"]).AddCheck("b", () => HealthCheckResult.Unhealthy(), ["two"]),
            ("LivenessPath", "/up"), ("ReadinessPath", "/go"), ("DegradedStatusCode", "218"), ("UnhealthyStatusCode", "500"));
        await Round(host);
        Assert.That(((await Get(host, "/up")).Status, (await Get(host, "/up/one")).Status, (await Get(host, "/up/two")).Status, (await Get(host, "/go")).Status), Is.EqualTo((200, 218, 500, 500)));
        Assert.That(((await Get(host, "/health")).Status, (await Get(host, "/ready")).Status), Is.EqualTo((404, 404)));
    }

    [TestCase("text/plain", "text/plain")]
    [TestCase("text/plain;q=0.9,application/json;q=0.1", "text/plain")]
    [TestCase("application/json", "application/json")]
    [TestCase("text/plain,application/json", "application/json")]
    [TestCase("*/*", "application/json")]
    public async Task Accept_chooses_the_form(string accept, string type)
    {
        await using var host = await Start(_ => { });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health") { Headers = { { "Accept", accept } } };
        using var response = await host.Client.SendAsync(request);
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo(type));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(type == "text/plain" ? "healthy\n" : """{"status":"healthy"}"""));
        Assert.That(response.Headers.CacheControl!.NoStore, Is.True);
    }

    [Test]
    public async Task Details_hold_status_since_duration_last_error_and_history()
    {
        var results = new Queue<HealthCheckResult>([HealthCheckResult.Healthy(), HealthCheckResult.Unhealthy("no\nroute"), HealthCheckResult.Healthy("fine")]);
        await using var host = await Start(checks => checks.AddCheck("db", () => results.Dequeue(), ["sql"]), ("Details", "Always"), ("UnhealthyThreshold", "2"));
        for (var i = 0; i < 3; i++) await Round(host, TimeSpan.FromSeconds(30));

        var db = JsonDocument.Parse((await Get(host, "/ready")).Body).RootElement.GetProperty("checks").GetProperty("db");
        Assert.That(db.GetProperty("status").GetString(), Is.EqualTo("healthy"));
        Assert.That(db.GetProperty("since").GetDateTimeOffset(), Is.EqualTo(_clock.GetUtcNow() - TimeSpan.FromSeconds(60)));
        Assert.That(db.GetProperty("duration_seconds").GetDouble(), Is.Zero);
        Assert.That(db.GetProperty("last_error").GetString(), Is.EqualTo("no\nroute"));
        Assert.That(db.GetProperty("last_error_at").GetDateTimeOffset(), Is.EqualTo(_clock.GetUtcNow() - TimeSpan.FromSeconds(30)));
        Assert.That(db.GetProperty("history").EnumerateArray().Select(run => run.GetProperty("status").GetString()), Is.EqualTo(new[] { "healthy", "unhealthy", "healthy" }));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/sql") { Headers = { { "Accept", "text/plain" } } };
        using var response = await host.Client.SendAsync(request);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo($"healthy\ndb: healthy since {_clock.GetUtcNow() - TimeSpan.FromSeconds(60):u}, 0.000 s: fine\n"));
    }

    [TestCase("Loopback", null, true)]
    [TestCase("Loopback", "X-Forwarded-For", false, Description = "A proxy on this machine passes on requests from everywhere.")]
    [TestCase("Never", null, false)]
    [TestCase("Always", "X-Forwarded-For", true)]
    public async Task Details_are_shown_where_the_setting_allows(string details, string? header, bool shown)
    {
        await using var host = await Start(checks => checks.AddCheck("db", () => HealthCheckResult.Healthy()), realServer: true, _ => { }, ("Details", details));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ready");
        if (header is not null) request.Headers.Add(header, "192.0.2.1");
        using var response = await host.Client.SendAsync(request);
        Assert.That(await response.Content.ReadAsStringAsync(), shown ? Does.Contain("\"db\"") : Does.Not.Contain("\"db\""));
    }

    [Test]
    public async Task Details_are_shown_where_a_rule_or_a_policy_allows()
    {
        await using var host = await Start(
            checks => checks.AddCheck("db", () => HealthCheckResult.Healthy()),
            realServer: false,
            builder =>
            {
                builder.AddPepperTelemetry().AllowHealthDetails(context => context.Request.Headers.ContainsKey("X-Rule"));
                builder.Services.AddAuthorization(all => all.AddPolicy("ops", policy => policy.RequireAssertion(context => ((HttpContext)context.Resource!).Request.Headers.ContainsKey("X-Ops"))));
            },
            ("DetailsPolicy", "ops"));
        foreach (var (header, shown) in new[] { ("X-Rule", true), ("X-Ops", true), ("X-Other", false) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/ready") { Headers = { { header, "1" } } };
            using var response = await host.Client.SendAsync(request);
            Assert.That((await response.Content.ReadAsStringAsync()).Contains("\"db\"", StringComparison.Ordinal), Is.EqualTo(shown), header);
        }
    }

    [Test]
    public void A_policy_without_authorization_is_told_at_the_start() =>
        Assert.That(
            () => Start(_ => { }, ("DetailsPolicy", "ops")),
            Throws.InstanceOf<TelemetryConfigurationException>().With.Message.Contains("Telemetry:Health:DetailsPolicy: the application has no authorization"));

    [Test]
    public async Task A_thousand_calls_at_once_run_no_check_and_a_check_that_hangs_delays_none()
    {
        var runs = 0;
        using var end = new ManualResetEventSlim();
        using var entered = new SemaphoreSlim(0);
        await using var host = await Start(
            checks => checks
                .AddCheck("counted", () =>
                {
                    Interlocked.Increment(ref runs);
                    return HealthCheckResult.Healthy();
                }, ["live"])
                .AddCheck("hangs", () =>
                {
                    entered.Release();
                    end.Wait();
                    return HealthCheckResult.Healthy();
                }, ["live"]),
            realServer: true, _ => { });
        try
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.That(await entered.WaitAsync(TimeSpan.FromSeconds(20)), Is.True);
            await host.Services.GetRequiredService<HealthMonitor>().Checks.Single(check => check.Plan.Name == "counted").Turn.WaitAsync(TimeSpan.FromSeconds(20));

            var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => host.Client.GetAsync(new Uri("/health", UriKind.Relative)))).WaitAsync(TimeSpan.FromSeconds(60));

            Assert.That(answers.Select(answer => answer.StatusCode), Has.All.EqualTo(HttpStatusCode.OK));
            Assert.That((runs, entered.CurrentCount), Is.EqualTo((1, 0)));
        }
        finally
        {
            end.Set();
        }
    }

    [Test]
    public async Task The_endpoints_stay_out_of_traces_and_request_metrics()
    {
        await using var host = await Start(_ => { }, ("LivenessPath", "/up"));
        await Get(host, "/up");
        await Get(host, "/up/ready");
        await Get(host, "/ready");
        Assert.That(await host.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative)), Does.Not.Contain("http_server_request_duration_seconds_count"));
        Assert.That(host.Spans.Spans, Is.Empty);
    }

    [Test]
    public async Task An_endpoint_of_the_application_at_the_same_path_has_its_way([Values] bool before, [Values] bool everyMethod)
    {
        await using var host = await WebHost.Start(
            app =>
            {
                if (before) Own(app);
                app.MapPepperTelemetry();
                if (!before) Own(app);
            },
            _ => { }, null, realServer: false);
        Assert.That((await Get(host, "/health")).Body, Is.EqualTo("own"));
        Assert.That((await Get(host, "/ready")).Body, Is.EqualTo("""{"status":"healthy"}"""), "A route that says less does not stand in the way.");
        Assert.That((await Get(host, "/elsewhere")).Body, Is.EqualTo("everything else"));

        void Own(WebApplication app)
        {
            if (everyMethod) app.Map("/health", context => context.Response.WriteAsync("own"));
            else app.MapGet("/health", () => "own");
            app.MapGet("/{**rest}", () => "everything else");
        }
    }

    [Test]
    public async Task Health_has_conventions_of_its_own_where_it_is_mapped_alone()
    {
        await using var host = await WebHost.Start(app =>
        {
            app.MapPepperTelemetry().RequireHost("metrics.example");
            app.MapPepperHealth();
        });
        Assert.That(((await Get(host, "/health")).Status, (await Get(host, "/metrics")).Status), Is.EqualTo((200, 404)));
    }

    [TestCase("Telemetry:Enabled")]
    [TestCase("Telemetry:Metrics:Enabled")]
    public async Task Probes_are_answered_where_telemetry_is_off_and_the_checks_run(string key)
    {
        var runs = 0;
        await using var host = await WebHost.Start(
            app => app.MapPepperTelemetry(),
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(_clock);
                builder.Services.AddHealthChecks().AddCheck("db", () =>
                {
                    runs++;
                    return HealthCheckResult.Healthy();
                });
            },
            null, realServer: false, (key, "false"));
        await Round(host);
        Assert.That((runs, (await Get(host, "/ready")).Status, (await Get(host, "/metrics")).Status), Is.EqualTo((1, 200, 404)));
    }

    [Test]
    public async Task Nothing_is_mapped_where_health_is_off()
    {
        await using var host = await Start(_ => { }, ("Enabled", "false"));
        Assert.That(((await Get(host, "/health")).Status, (await Get(host, "/ready")).Status), Is.EqualTo((404, 404)));
    }

    [Test]
    public async Task An_application_that_stops_is_alive_and_not_ready()
    {
        await using var host = await Start(checks => checks.AddCheck("db", () => HealthCheckResult.Healthy()));
        await Round(host);
        await host.Services.GetRequiredService<TelemetryManager>().StopHealthAsync();
        Assert.That(((await Get(host, "/health")).Status, (await Get(host, "/ready")).Status), Is.EqualTo((200, 503)));
    }

    private Task<WebHost> Start(Action<IHealthChecksBuilder> add, params (string Key, string Value)[] settings) => Start(add, realServer: false, _ => { }, settings);

    private Task<WebHost> Start(Action<IHealthChecksBuilder> add, bool realServer, Action<WebApplicationBuilder> build, params (string Key, string Value)[] settings) => WebHost.Start(
        app => app.MapPepperTelemetry(),
        builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(_clock);
            add(builder.Services.AddHealthChecks());
            build(builder);
        },
        options =>
        {
            options.Health.Jitter = 0;
            if (!settings.Any(setting => setting.Key == "UnhealthyThreshold")) options.Health.UnhealthyThreshold = 1;
        },
        realServer,
        [.. settings.Select(setting => ("Telemetry:Health:" + setting.Key, setting.Value))]);

    private async Task Round(WebHost host, TimeSpan? time = null)
    {
        _clock.Advance(time ?? TimeSpan.FromSeconds(1));
        foreach (var check in host.Services.GetRequiredService<HealthMonitor>().Checks) await check.Turn.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static async Task<(int Status, string Body)> Get(WebHost host, string path)
    {
        using var response = await host.Client.GetAsync(new Uri(path, UriKind.Relative));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
