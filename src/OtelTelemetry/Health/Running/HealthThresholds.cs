using OtelTelemetry.Instruments;

namespace OtelTelemetry.Health.Running;

/// <summary>Turns results into a state: it gets worse after so many results in a row that are worse, better after so many that are better.
/// From unknown, the first result that is not a failure decides at once. Not thread-safe.</summary>
/// <param name="unhealthy">Worse results in a row before the state gets worse.</param>
/// <param name="healthy">Better results in a row before the state gets better.</param>
internal sealed class HealthThresholds(int unhealthy, int healthy)
{
    // How long the series of the last results is that were all at most, or at least, so bad.
    private int _healthy;
    private int _notUnhealthy;
    private int _notHealthy;
    private int _unhealthy;

    public HealthState State { get; private set; }

    public int ConsecutiveFailures => _unhealthy;

    public void Add(HealthState result)
    {
        _healthy = Next(_healthy, result == HealthState.Healthy);
        _notUnhealthy = Next(_notUnhealthy, result != HealthState.Unhealthy);
        _notHealthy = Next(_notHealthy, result != HealthState.Healthy);
        _unhealthy = Next(_unhealthy, result == HealthState.Unhealthy);
        State = State switch
        {
            HealthState.Unknown => result != HealthState.Unhealthy ? result : _unhealthy >= unhealthy ? HealthState.Unhealthy : HealthState.Unknown,
            HealthState.Unhealthy => _healthy >= healthy ? HealthState.Healthy : _notUnhealthy >= healthy ? HealthState.Degraded : HealthState.Unhealthy,
            HealthState.Degraded => _healthy >= healthy ? HealthState.Healthy : _unhealthy >= unhealthy ? HealthState.Unhealthy : HealthState.Degraded,
            _ => _unhealthy >= unhealthy ? HealthState.Unhealthy : _notHealthy >= unhealthy ? HealthState.Degraded : HealthState.Healthy,
        };
    }

    private static int Next(int length, bool continues) => !continues ? 0 : length == int.MaxValue ? length : length + 1;
}
