using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Health.Checks.Metric;
using OtelTelemetry.Health.Checks.Objective;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Metrics;

namespace OtelTelemetry.Tests.Health.Checks;

public class MetricCheckTests : MetricsTestBase
{
    [TestCase(10, null, HealthStatus.Healthy, "queue_size{queue=\"a\"}: 10 is within the limits")]
    [TestCase(9, null, HealthStatus.Unhealthy, "queue_size{queue=\"a\"}: 10 is above 9")]
    [TestCase(null, 10, HealthStatus.Healthy, "queue_size{queue=\"a\"}: 10 is within the limits")]
    [TestCase(null, 11, HealthStatus.Unhealthy, "queue_size{queue=\"a\"}: 10 is below 11")]
    [TestCase(20, 5, HealthStatus.Healthy, "queue_size{queue=\"a\"}: 10 is within the limits")]
    public async Task A_value_is_compared_with_the_limits(double? above, double? below, HealthStatus status, string says)
    {
        Metrics.CreateGauge("queue_size", "", "queue").Set(10, "a");
        var result = await Check(new() { Metric = "queue_size", Above = above, Below = below });
        Assert.That((result.Status, result.Description), Is.EqualTo((status, says)));
    }

    [Test]
    public async Task The_series_furthest_beyond_a_limit_is_named_and_labels_choose_series()
    {
        var queues = Metrics.CreateGauge("queue_size", "", "queue");
        queues.Set(10, "mail-a");
        queues.Set(30, "mail-b");
        queues.Set(500, "other");
        var labels = new Dictionary<string, string> { ["queue"] = "mail-*" };

        Assert.That((await Check(new() { Metric = "queue_size", Labels = labels, Above = 5 })).Description, Is.EqualTo("queue_size{queue=\"mail-b\"}: 30 is above 5"));
        Assert.That((await Check(new() { Metric = "queue_size", Labels = labels, Above = 30 })).Description, Is.EqualTo("2 series of queue_size are within the limits"));
    }

    [TestCase(HealthStatus.Degraded)]
    [TestCase(HealthStatus.Healthy)]
    public async Task What_is_missing_means_what_is_set(HealthStatus missing)
    {
        var result = await Check(new() { Metric = "nobody_records_it", Above = 1, WhenMissing = missing });
        Assert.That(result.Status, Is.EqualTo(missing));
    }

    [TestCase(null, 1.2, HealthStatus.Unhealthy, Description = "The mean is 1.3.")]
    [TestCase(null, 1.4, HealthStatus.Healthy)]
    [TestCase(0.5, 1.0, HealthStatus.Healthy)]
    [TestCase(0.95, 1.0, HealthStatus.Unhealthy)]
    public async Task Of_a_histogram_the_mean_or_a_quantile_is_compared(double? quantile, double above, HealthStatus status)
    {
        var durations = Metrics.CreateHistogram("request_seconds", "", [1, 2, 4]);
        for (var i = 0; i < 9; i++) durations.Observe(1);
        durations.Observe(4);
        Assert.That((await Check(new() { Metric = "request_seconds", Quantile = quantile, Above = above })).Status, Is.EqualTo(status));
    }

    [Test]
    public async Task A_rate_is_the_increase_a_second_since_the_run_before()
    {
        var errors = Metrics.CreateCounter("errors_total");
        errors.Inc(1000);
        var check = new MetricHealthCheck(new() { Metric = "errors_total", Rate = true, Above = 1 }, new MetricReadModel(Registry).Collect, Clock);
        Assert.That((await check.Run()).Status, Is.EqualTo(HealthStatus.Healthy), "The first run knows no rate.");

        errors.Inc(30);
        Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.That((await check.Run()).Status, Is.EqualTo(HealthStatus.Healthy));

        errors.Inc(45);
        Clock.Advance(TimeSpan.FromSeconds(30));
        var result = await check.Run();
        Assert.That((result.Status, result.Description), Is.EqualTo((HealthStatus.Unhealthy, "errors_total: 1.5 a second is above 1")));
    }

    [Test]
    public async Task An_objective_is_kept_while_enough_was_good_in_the_window()
    {
        var requests = Metrics.CreateCounter("requests_total", "", "status");
        requests.Inc(1000, "500");
        var options = new ObjectiveHealthCheckOptions { Metric = "requests_total", BadLabels = new Dictionary<string, string> { ["status"] = "5*" }, Objective = 0.9, Window = TimeSpan.FromMinutes(1) };
        var check = new ObjectiveHealthCheck(options, new MetricReadModel(Registry).Collect, Clock);
        Assert.That((await check.Run()).Description, Does.Contain("too few to tell"), "What came before the first run counts for nothing.");

        requests.Inc(90, "200");
        requests.Inc(10, "503");
        Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.That((await check.Run()).Status, Is.EqualTo(HealthStatus.Healthy), "90 % is exactly enough.");

        requests.Inc(1, "500");
        Clock.Advance(TimeSpan.FromSeconds(30));
        var result = await check.Run();
        Assert.That((result.Status, result.Description), Is.EqualTo((HealthStatus.Unhealthy, "89.1089 % of 101 were good in 00:01:00, the objective is 90 %")));

        requests.Inc(20, "200");
        Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.That((await check.Run()).Description, Does.StartWith("95.2381 % of 21 were good"), "The first hundred are out of the window.");
    }

    [Test]
    public async Task An_objective_of_time_counts_what_was_slower()
    {
        var durations = Metrics.CreateHistogram("request_seconds", "", [0.5, 1, 2]);
        var check = new ObjectiveHealthCheck(new() { Metric = "request_seconds", BadAbove = 1, Objective = 0.9 }, new MetricReadModel(Registry).Collect, Clock);
        await check.Run();
        for (var i = 0; i < 17; i++) durations.Observe(1);
        for (var i = 0; i < 3; i++) durations.Observe(1.5);
        Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.That((await check.Run()).Description, Does.StartWith("85 % of 20 were good"));
    }

    private Task<HealthCheckResult> Check(MetricHealthCheckOptions options) => new MetricHealthCheck(options, new MetricReadModel(Registry).Collect, Clock).Run();
}
