using OtelTelemetry.Configuration;

namespace OtelTelemetry.Processors.Spans.Attributes;

/// <summary>Adds attributes to every span. One the span has already stays as it is. Immutable.</summary>
public sealed record AddAttributesOptions : SpanProcessorOptions
{
    /// <summary>Names and values. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Keys of baggage whose value becomes an attribute of the same name. Baggage comes from callers and goes to everyone who is called: name
    /// what you want, there is no pattern. Default: none.</summary>
    public IReadOnlyList<string> FromBaggage { get; init; } = [];

    /// <summary>Names of resource attributes that become attributes of every span, for backends that do not search by the resource. Default: none.</summary>
    public IReadOnlyList<string> FromResource { get; init; } = [];

    /// <inheritdoc/>
    public override SpanProcessor Create(SpanProcessorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new AttributeAdder(this, context.Resource);
    }

    internal static SpanProcessorOptions Read(SettingSection settings)
    {
        var options = new AddAttributesOptions();
        settings.BindMap("Attributes", Parse.Text, values => options = options with { Attributes = values });
        settings.BindList("FromBaggage", values => options = options with { FromBaggage = values });
        settings.BindList("FromResource", values => options = options with { FromResource = values });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (Attributes.Count + FromBaggage.Count + FromResource.Count == 0) yield return (nameof(Attributes), "nothing is added", "Set Attributes, FromBaggage or FromResource");
        if (Attributes.Keys.Any(string.IsNullOrWhiteSpace)) yield return (nameof(Attributes), "a name is empty", "Allowed: names that are not empty");
        if (FromBaggage.Any(string.IsNullOrWhiteSpace)) yield return (nameof(FromBaggage), "a name is empty", "Allowed: names that are not empty");
        if (FromResource.Any(string.IsNullOrWhiteSpace)) yield return (nameof(FromResource), "a name is empty", "Allowed: names that are not empty");
    }
}
