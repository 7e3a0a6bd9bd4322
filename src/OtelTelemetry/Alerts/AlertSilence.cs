using OtelTelemetry.Alerts.Rules;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Alerts;

/// <summary>Keeps the alerts with some labels quiet for a while: they are evaluated and shown as ever, but nobody is told that they fire. In section <c>Telemetry:Alerts:Silences</c> by name. Immutable.</summary>
public sealed record AlertSilence
{
    /// <summary>Which alerts: those whose labels have these values; <c>*</c> stands for any text, and a label that is not there is an empty one. At least one.</summary>
    public IReadOnlyDictionary<string, string> Matchers { get; init; } = new Dictionary<string, string>();

    /// <summary>Until when; null until it is removed. Default: null.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Why. Default: empty.</summary>
    public string Comment { get; init; } = "";

    /// <summary>Whether both say the same.</summary>
    /// <param name="other">The other one, or null.</param>
    public bool Equals(AlertSilence? other) => other is not null && (Until, Comment) == (other.Until, other.Comment) && AlertMaps.Same(Matchers, other.Matchers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Until, Comment, Matchers.Count);

    internal static AlertSilence Read(SettingSection settings)
    {
        var silence = new AlertSilence();
        settings.BindMap("Matchers", Parse.Text, values => silence = silence with { Matchers = values });
        settings.Bind("Until", Parse.OptionalTime, value => silence = silence with { Until = value });
        settings.Bind("Comment", Parse.Text, value => silence = silence with { Comment = value });
        return silence;
    }

    internal IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (Matchers.Count == 0) yield return (nameof(Matchers), "there are none, which would silence everything", "Allowed: labels with their values, such as alertname: HighErrors; alertname: * for everything");
    }
}
