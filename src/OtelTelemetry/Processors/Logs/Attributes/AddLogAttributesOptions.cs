using OtelTelemetry.Configuration;

namespace OtelTelemetry.Processors.Logs.Attributes;

/// <summary>Adds attributes to every record. One the record has already stays as it is. Immutable.</summary>
public sealed record AddLogAttributesOptions : LogProcessorOptions
{
    /// <summary>Names and values. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Keys of baggage whose value becomes an attribute of the same name. Baggage comes from callers: name what you want, there is no pattern. Default: none.</summary>
    public IReadOnlyList<string> FromBaggage { get; init; } = [];

    /// <summary>Names of resource attributes that become attributes of every record, for backends that do not search by the resource. Default: none.</summary>
    public IReadOnlyList<string> FromResource { get; init; } = [];

    /// <summary>Names in scopes whose value becomes an attribute of the same name; the innermost scope counts. Needs <see cref="TelemetryLogsOptions.IncludeScopes"/>. Default: none.</summary>
    public IReadOnlyList<string> FromScopes { get; init; } = [];

    /// <inheritdoc/>
    public override LogProcessor Create(LogProcessorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new LogAttributeAdder(this, context.Resource);
    }

    internal static LogProcessorOptions Read(SettingSection settings)
    {
        var options = new AddLogAttributesOptions();
        settings.BindMap("Attributes", Parse.Text, values => options = options with { Attributes = values });
        settings.BindList("FromBaggage", values => options = options with { FromBaggage = values });
        settings.BindList("FromResource", values => options = options with { FromResource = values });
        settings.BindList("FromScopes", values => options = options with { FromScopes = values });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (Attributes.Count + FromBaggage.Count + FromResource.Count + FromScopes.Count == 0) yield return (nameof(Attributes), "nothing is added", "Set Attributes, FromBaggage, FromResource or FromScopes");
        foreach (var (property, names) in new (string, IEnumerable<string>)[] { (nameof(Attributes), Attributes.Keys), (nameof(FromBaggage), FromBaggage), (nameof(FromResource), FromResource), (nameof(FromScopes), FromScopes) })
        {
            if (names.Any(string.IsNullOrWhiteSpace)) yield return (property, "a name is empty", "Allowed: names that are not empty");
        }
    }
}
