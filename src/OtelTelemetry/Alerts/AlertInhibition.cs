using OtelTelemetry.Alerts.Rules;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Alerts;

/// <summary>While an alert fires, others of a lower severity are kept quiet: who knows that the database is away need not hear of every request that fails. In section
/// <c>Telemetry:Alerts:Inhibitions</c>, a list. Immutable.</summary>
public sealed record AlertInhibition
{
    /// <summary>Which alerts keep others quiet, by their labels; <c>*</c> stands for any text. Default: all.</summary>
    public IReadOnlyDictionary<string, string> Source { get; init; } = new Dictionary<string, string>();

    /// <summary>Which alerts are kept quiet, by their labels; <c>*</c> stands for any text. Default: all.</summary>
    public IReadOnlyDictionary<string, string> Target { get; init; } = new Dictionary<string, string>();

    /// <summary>Labels that must have equal values in both; one that is in neither is equal. Default: none.</summary>
    public IReadOnlyList<string> Equal { get; init; } = [];

    /// <summary>Whether both say the same.</summary>
    /// <param name="other">The other one, or null.</param>
    public bool Equals(AlertInhibition? other) => other is not null && AlertMaps.Same(Source, other.Source) && AlertMaps.Same(Target, other.Target) && Equal.SequenceEqual(other.Equal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Source.Count, Target.Count, Equal.Count);

    internal static AlertInhibition Read(SettingSection settings)
    {
        var inhibition = new AlertInhibition();
        settings.BindMap("Source", Parse.Text, values => inhibition = inhibition with { Source = values });
        settings.BindMap("Target", Parse.Text, values => inhibition = inhibition with { Target = values });
        settings.BindList("Equal", values => inhibition = inhibition with { Equal = values });
        return inhibition;
    }
}
