using OtelTelemetry.Alerts;
using OtelTelemetry.Alerts.Evaluation;
using OtelTelemetry.Alerts.Rules;

namespace OtelTelemetry.Tests.Alerts;

/// <summary>What rules compute of the values of a series over time.</summary>
public class AlertFunctionTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 0, 0, TimeSpan.Zero);

    [TestCase(AlertFunction.Last, 3)]
    [TestCase(AlertFunction.Average, 4)]
    [TestCase(AlertFunction.Minimum, 1)]
    [TestCase(AlertFunction.Maximum, 8)]
    public void Of_values_in_the_window(AlertFunction function, double expected) =>
        Assert.That(Compute(new AlertRule { Function = function, Window = TimeSpan.FromMinutes(1) }, 100, 8, 4, 1, 3), Is.EqualTo(expected));

    [Test]
    public void A_quantile_of_values_lies_between_the_two_around_it() =>
        Assert.That(Compute(new AlertRule { Function = AlertFunction.Quantile, Quantile = 0.5, Window = TimeSpan.FromMinutes(1) }, 100, 8, 4, 1, 3), Is.EqualTo(3.5));

    [Test]
    public void An_increase_and_a_rate_take_resets_into_account()
    {
        var rule = new AlertRule { Function = AlertFunction.Increase, Window = TimeSpan.FromMinutes(1) };

        // 10 to 15, begun anew to 2, to 4, to 4.
        Assert.That(Compute(rule, 10, 15, 2, 4, 4), Is.EqualTo(9));
        Assert.That(Compute(rule with { Function = AlertFunction.Rate }, 10, 15, 2, 4, 4), Is.EqualTo(9 / 60.0));
        Assert.That(Compute(rule, 10), Is.NaN);
    }

    [Test]
    public void A_counter_that_came_into_being_began_at_zero()
    {
        var rule = new AlertRule { Function = AlertFunction.Increase, Window = TimeSpan.FromMinutes(1) };
        var window = new AlertWindow(rule, s_start);
        window.Add(Number(s_start.AddSeconds(15), 7, isCounter: true));

        Assert.That(window.Compute(), Is.EqualTo(7));
    }

    [Test]
    public void A_gauge_that_came_into_being_has_no_increase()
    {
        var window = new AlertWindow(new AlertRule { Function = AlertFunction.Increase }, s_start);
        window.Add(Number(s_start.AddSeconds(15), 7, isCounter: false));

        Assert.That(window.Compute(), Is.NaN);
    }

    [Test]
    public void A_window_that_is_long_stays_small_and_loses_neither_extremes_nor_resets()
    {
        var window = new AlertWindow(new AlertRule { Function = AlertFunction.Maximum, Window = TimeSpan.FromDays(1) }, null);
        var growth = new AlertWindow(new AlertRule { Function = AlertFunction.Increase, Window = TimeSpan.FromDays(1) }, null);
        var (before, expected) = (0.0, 0.0);
        for (var i = 0; i < 5000; i++)
        {
            var value = i == 1234 ? 9999 : i % 10;
            window.Add(Number(s_start.AddSeconds(15 * i), value, isCounter: true));
            growth.Add(Number(s_start.AddSeconds(15 * i), value, isCounter: true));
            if (i > 0) expected += value < before ? value : value - before;
            before = value;
        }

        Assert.That((window.Compute(), growth.Compute()), Is.EqualTo((9999.0, expected)));
    }

    [Test]
    public void A_histogram_gives_average_and_quantile_of_what_was_observed_in_the_window()
    {
        var rule = new AlertRule { Function = AlertFunction.Average, Window = TimeSpan.FromMinutes(1) };

        // Before: 100 observations below 1. Since then: 10 between 1 and 2.
        Assert.That(Compute(rule, Histogram(0, 50, 100, 0), Histogram(60, 65, 100, 10)), Is.EqualTo(1.5));
        Assert.That(Compute(rule with { Function = AlertFunction.Quantile, Quantile = 0.5 }, Histogram(0, 50, 100, 0), Histogram(60, 65, 100, 10)), Is.EqualTo(1.5));
        Assert.That(Compute(rule with { Function = AlertFunction.Rate }, Histogram(0, 50, 100, 0), Histogram(60, 65, 100, 10)), Is.EqualTo(10 / 60.0));
        Assert.That(Compute(rule, Histogram(0, 50, 100, 0), Histogram(60, 50, 100, 0)), Is.NaN, "nothing was observed");
    }

    [Test]
    public void A_histogram_that_was_reset_counts_what_came_since()
    {
        var rule = new AlertRule { Function = AlertFunction.Quantile, Quantile = 1, Window = TimeSpan.FromMinutes(1) };

        Assert.That(Compute(rule, Histogram(0, 50, 100, 0), Histogram(60, 5, 0, 4)), Is.EqualTo(2));
        Assert.That(Compute(rule with { Function = AlertFunction.Average }, Histogram(0, 50, 100, 0), Histogram(60, 6, 0, 4)), Is.EqualTo(1.5));
    }

    [Test]
    public void Exponential_buckets_of_another_scale_are_compared()
    {
        // Scale 1: (2, 2.83] has 4, (2.83, 4] has 6. Scale 0 later: (2, 4] has 20: ten are new.
        var before = new AlertBuckets.Exponential(1, 0, 2, [4, 6]);
        var after = new AlertBuckets.Exponential(0, 0, 0, [5, 20]);

        // Five in (1, 2] and ten in (2, 4]: the two thirds of them lie above 2.
        Assert.That(after.Quantile(1.0 / 3, before), Is.EqualTo(2).Within(1e-9));
        Assert.That(after.Quantile(1, before), Is.EqualTo(4).Within(1e-9));
    }

    [Test]
    public void A_summary_answers_with_the_quantile_it_publishes()
    {
        var window = new AlertWindow(new AlertRule { Function = AlertFunction.Quantile, Quantile = 0.95 }, null);
        window.Add(new AlertPoint(s_start, 10, 20, null, 0.75, BeginsAtZero: true));

        Assert.That(window.Compute(), Is.EqualTo(0.75));
    }

    [Test]
    public void Placeholders_are_filled_in_and_wrong_ones_are_told()
    {
        var rule = new AlertRule { Metric = "load", Threshold = 0.5, Severity = AlertSeverity.Critical };
        var labels = new Dictionary<string, string> { ["path"] = "/a" };

        Assert.That(
            AlertText.Fill("{name} {severity}: {value} of {metric} at {labels.path}{labels.none} > {threshold} {{x}}", "Busy", rule, 0.75, labels),
            Is.EqualTo("Busy critical: 0.75 of load at /a > 0.5 {x}"));
        Assert.That(AlertText.WhatIsWrongWith("{valeu}"), Is.EqualTo("'{valeu}' is not a placeholder"));
        Assert.That(AlertText.WhatIsWrongWith("{value"), Is.EqualTo("a brace has no counterpart"));
        Assert.That(AlertText.WhatIsWrongWith("{labels.a} {{ok}}"), Is.Null);
    }

    [TestCase(AlertComparison.GreaterThan, ExpectedResult = "3")]
    [TestCase(AlertComparison.GreaterOrEqual, ExpectedResult = "2 3")]
    [TestCase(AlertComparison.LessThan, ExpectedResult = "1")]
    [TestCase(AlertComparison.LessOrEqual, ExpectedResult = "1 2")]
    [TestCase(AlertComparison.Equal, ExpectedResult = "2")]
    [TestCase(AlertComparison.NotEqual, ExpectedResult = "1 3")]
    public string Comparisons(AlertComparison comparison) =>
        string.Join(' ', new[] { 1, 2, 3 }.Where(value => new AlertRule { Threshold = 2, Comparison = comparison }.Holds(value)));

    private static double Compute(AlertRule rule, params double[] values)
    {
        var window = new AlertWindow(rule, null);
        for (var i = 0; i < values.Length; i++) window.Add(Number(s_start.AddSeconds(15 * i), values[i], isCounter: true));
        return window.Compute();
    }

    private static double Compute(AlertRule rule, params AlertPoint[] points)
    {
        var window = new AlertWindow(rule, null);
        foreach (var point in points) window.Add(point);
        return window.Compute();
    }

    private static AlertPoint Number(DateTimeOffset at, double value, bool isCounter) => new(at, value, double.NaN, null, double.NaN, isCounter);

    private static AlertPoint Histogram(int second, double sum, params long[] counts) =>
        new(s_start.AddSeconds(second), counts.Sum(), sum, new AlertBuckets.Explicit([1, 2], [.. counts, 0]), double.NaN, BeginsAtZero: true);
}
