using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tests.Metrics;

public class SummaryTests : MetricsTestBase
{
    private static readonly double[] s_quantiles = [0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999];

    private static IEnumerable<TestCaseData> Skewed()
    {
        var random = new Random(7);
        yield return Case("exponential", () => -Math.Log(1 - random.NextDouble()));
        yield return Case("log-normal", () => Math.Exp(2 * Normal(random)));
        yield return Case("Pareto", () => Math.Pow(1 - random.NextDouble(), -1 / 1.2));
        yield return Case("bimodal", () => random.NextDouble() < 0.98 ? 0.002 + (0.001 * random.NextDouble()) : 5 + random.NextDouble());
        yield return Case("negative", () => -Math.Exp(Normal(random)));
        yield return Case("both signs", () => Math.Pow(Normal(random), 3));
        yield return Case("nanoseconds to hours", () => Math.Pow(10, -9 + (13 * random.NextDouble())));

        static TestCaseData Case(string name, Func<double> next) => new TestCaseData(next).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Skewed))]
    public void Quantiles_of_skewed_data_are_within_two_percent(Func<double> next)
    {
        var summary = Metrics.CreateSummary("skewed").With();
        var values = Enumerable.Range(0, 20_000).Select(_ => next()).ToArray();
        foreach (var value in values) summary.Observe(value);
        Array.Sort(values);
        Assert.Multiple(() =>
        {
            foreach (var quantile in s_quantiles)
            {
                var exact = values[(int)Math.Ceiling(quantile * values.Length) - 1];
                Assert.That(summary.GetQuantile(quantile), Is.EqualTo(exact).Within(2).Percent, $"window, quantile {quantile}");
                Assert.That(summary.GetQuantileSinceStart(quantile), Is.EqualTo(exact).Within(2).Percent, $"since start, quantile {quantile}");
            }
        });
    }

    [Test]
    public void The_ends_are_exact()
    {
        var summary = Metrics.CreateSummary("ends").With();
        foreach (var value in new[] { 3.3, 1.1, 2.2 }) summary.Observe(value);
        Assert.That(summary.GetQuantile(0), Is.EqualTo(1.1));
        Assert.That(summary.GetQuantile(1), Is.EqualTo(3.3));
    }

    [Test]
    public void Zeros_count()
    {
        var summary = Metrics.CreateSummary("zeros").With();
        foreach (var value in new double[] { -5, 0, 0, 0, 5 }) summary.Observe(value);
        Assert.That(summary.GetQuantile(0.5), Is.Zero);
    }

    [Test]
    public void The_window_forgets_and_the_totals_do_not()
    {
        var summary = Metrics.CreateSummary(new SummaryOptions("window") { Quantiles = [0.5] }).With();
        summary.Observe(100);
        Clock.Advance(TimeSpan.FromMinutes(8));
        summary.Observe(1);
        Assert.That(summary.GetQuantile(1), Is.EqualTo(100));
        Clock.Advance(TimeSpan.FromMinutes(3));
        var snapshot = summary.GetSnapshot();
        Assert.That(snapshot.Values.Single(), Is.EqualTo(1));
        Assert.That(snapshot.Count, Is.EqualTo(2));
        Assert.That(snapshot.Sum, Is.EqualTo(101));
        Assert.That(summary.GetQuantileSinceStart(1), Is.EqualTo(100));
        Clock.Advance(TimeSpan.FromDays(2));
        Assert.That(summary.GetQuantile(0.5), Is.NaN);
        Assert.That(summary.GetSnapshot().Count, Is.EqualTo(2));
    }

    [Test]
    public void Nothing_observed_has_no_quantile()
    {
        var sample = Read();
        Assert.That(sample.Values, Is.All.NaN);
        Assert.That(sample.Quantiles, Is.EqualTo(new[] { 0.5, 0.9, 0.95, 0.99 }));

        OtelTelemetry.Reading.SummarySample Read()
        {
            Metrics.CreateSummary("empty");
            return Metrics.Collect("empty")!.Samples.Single().Summary!;
        }
    }

    [Test]
    public void A_quantile_outside_its_range_is_refused() =>
        Assert.That(() => Metrics.CreateSummary("q").With().GetQuantile(95), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("0.95"));

    [Test]
    public void What_is_no_number_is_dropped()
    {
        var summary = Metrics.CreateSummary("strict", "", "a");
        summary.Observe(double.NaN, "x");
        summary.Observe(1);
        Assert.That(summary.GetDropped(MeasurementDropReason.NotANumber), Is.EqualTo(1));
        Assert.That(summary.GetDropped(MeasurementDropReason.LabelMismatch), Is.EqualTo(1));
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
