using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Health.Running;
using OtelTelemetry.Instruments;

namespace OtelTelemetry.Tests.Health;

public class HealthThresholdsTests
{
    // H healthy, D degraded, U unhealthy; the state after each result is below it, "?" is unknown.
    [TestCase("HUUHUUU", "HHHHHHU", TestName = "It gets worse after exactly three failures in a row")]
    [TestCase("HUUUHUHH", "HHHUUUUH", TestName = "It gets better after exactly two successes in a row")]
    [TestCase("UUU", "??U", TestName = "What has never succeeded is unknown before it is unhealthy")]
    [TestCase("UUHU", "??HH", TestName = "The first success counts at once")]
    [TestCase("D", "D", TestName = "The first degraded result counts at once")]
    [TestCase("HDDD", "HHHD", TestName = "It is degraded after three degraded results")]
    [TestCase("HDUD", "HHHD", TestName = "Worse results of both kinds count for the milder state")]
    [TestCase("HDUUU", "HHHDU", TestName = "Three failures in a row count, whatever came before")]
    [TestCase("HUUUDH", "HHHUUD", TestName = "Better results of both kinds count for the worse state")]
    [TestCase("HUUUDHH", "HHHUUDH", TestName = "Two successes in a row count, whatever came before")]
    public void The_state_follows_the_results(string results, string expected)
    {
        var thresholds = new HealthThresholds(unhealthy: 3, healthy: 2);
        var states = results.Select(letter =>
        {
            thresholds.Add(Result(letter));
            return "?HDU"[(int)thresholds.State];
        });
        Assert.That(new string([.. states]), Is.EqualTo(expected));
    }

    [Test]
    public void It_is_as_looking_back_at_all_results_says() =>
        Prop.ForAll(
            Gen.Elements('H', 'H', 'D', 'U', 'U').ArrayOf().ToArbitrary(), Gen.Choose(1, 4).ToArbitrary(), Gen.Choose(1, 4).ToArbitrary(),
            (letters, unhealthy, healthy) =>
            {
                var thresholds = new HealthThresholds(unhealthy, healthy);
                var past = new List<HealthState>();
                var state = HealthState.Unknown;
                foreach (var letter in letters)
                {
                    thresholds.Add(Result(letter));
                    past.Add(Result(letter));
                    state = LookBack(past, state, unhealthy, healthy);
                    if (thresholds.State != state) return false;
                }

                return true;
            }).QuickCheckThrowOnFailure();

    private static HealthState LookBack(List<HealthState> past, HealthState state, int unhealthy, int healthy)
    {
        if (state == HealthState.Unknown && past[^1] != HealthState.Unhealthy) return past[^1];
        var worst = past.Count >= unhealthy ? past.TakeLast(unhealthy).Min() : HealthState.Unknown;
        if (worst > state && worst > HealthState.Healthy && (state != HealthState.Unknown || worst == HealthState.Unhealthy)) return worst;
        var best = past.Count >= healthy ? past.TakeLast(healthy).Max() : HealthState.Unhealthy;
        return state != HealthState.Unknown && best < state ? best : state;
    }

    private static HealthState Result(char letter) => letter switch
    {
        'H' => HealthState.Healthy,
        'D' => HealthState.Degraded,
        _ => HealthState.Unhealthy,
    };
}
