namespace OtelTelemetry.Monitoring;

/// <summary>
/// By which part of its jitter a run comes later. Collectors of a monitor that are due at the same moment come later together: jitter keeps the processes of a fleet apart, while in
/// one process each waking of a thread costs more than most collectors do. Thread-safe.
/// </summary>
internal sealed class MonitorJitter(Random random)
{
    private const int MostMoments = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<TimeSpan, double> _parts = [];

    /// <summary>From 0 to 1, exclusive.</summary>
    /// <param name="due">The moment without jitter, since the start.</param>
    public double At(TimeSpan due)
    {
        lock (_gate)
        {
            if (_parts.TryGetValue(due, out var part)) return part;
            if (_parts.Count == MostMoments) _parts.Clear();
            return _parts[due] = random.NextDouble();
        }
    }
}
