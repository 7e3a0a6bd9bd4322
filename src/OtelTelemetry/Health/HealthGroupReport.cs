using OtelTelemetry.Instruments;

namespace OtelTelemetry.Health;

/// <summary>How a group of health checks stands at one moment. Immutable.</summary>
/// <param name="State">The state of the worst of them: unhealthy, then unknown, then degraded. Healthy when there are none.</param>
/// <param name="Checks">The checks, by name.</param>
public sealed record HealthGroupReport(HealthState State, IReadOnlyList<HealthCheckReport> Checks)
{
    internal static HealthGroupReport Of(IReadOnlyList<HealthCheckReport> checks)
    {
        var worst = HealthState.Healthy;
        foreach (var check in checks)
        {
            if (Badness(check.State) > Badness(worst)) worst = check.State;
        }

        return new HealthGroupReport(worst, checks);
    }

    private static int Badness(HealthState state) => state switch
    {
        HealthState.Healthy => 0,
        HealthState.Degraded => 1,
        HealthState.Unknown => 2,
        _ => 3,
    };
}
