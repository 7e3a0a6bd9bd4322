using OtelTelemetry.Alerts.Evaluation;

namespace OtelTelemetry.Alerts.State;

/// <summary>What alerts know at one moment, as it is saved.</summary>
internal sealed record AlertMemory
{
    public required DateTimeOffset Saved { get; init; }

    public IReadOnlyList<AlertInstance> Instances { get; init; } = [];

    public IReadOnlyList<GroupMemory> Groups { get; init; } = [];

    public IReadOnlyDictionary<string, AlertSilence> Silences { get; init; } = new Dictionary<string, AlertSilence>();

    /// <summary>One group of one handler.</summary>
    internal sealed record GroupMemory(
        string Handler, IReadOnlyDictionary<string, string> Labels, DateTimeOffset? WaitingSince, DateTimeOffset? LastSent, IReadOnlyList<Alert> Sent, IReadOnlyList<Alert> Ended);
}
