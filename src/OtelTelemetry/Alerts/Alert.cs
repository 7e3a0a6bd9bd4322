namespace OtelTelemetry.Alerts;

/// <summary>One alert at one moment: of one rule for one series. Immutable.</summary>
public sealed record Alert
{
    /// <summary>The rule's name.</summary>
    public required string Name { get; init; }

    /// <summary>How bad it is.</summary>
    public required AlertSeverity Severity { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required AlertState State { get; init; }

    /// <summary>The labels of the series, and those of the rule; <c>alertname</c> and <c>severity</c> among them. They tell alerts apart.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>What there is to say of it, with the placeholders filled in.</summary>
    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    /// <summary>The last value that was compared.</summary>
    public required double Value { get; init; }

    /// <summary>Since when its condition holds.</summary>
    public required DateTimeOffset ActiveSince { get; init; }

    /// <summary>Since when it fires; null while it is pending.</summary>
    public DateTimeOffset? FiringSince { get; init; }

    /// <summary>When it was resolved; null before.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>Tells alerts apart: the same labels always have the same one, in every process.</summary>
    public required string Fingerprint { get; init; }
}
