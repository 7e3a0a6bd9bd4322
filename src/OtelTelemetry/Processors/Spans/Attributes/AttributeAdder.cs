using System.Diagnostics;
using OpenTelemetry;

namespace OtelTelemetry.Processors.Spans.Attributes;

/// <summary>Adds the attributes of its settings.</summary>
internal sealed class AttributeAdder : SpanProcessor
{
    private readonly KeyValuePair<string, object>[] _fixed;
    private readonly string[] _fromBaggage;

    internal AttributeAdder(AddAttributesOptions options, IReadOnlyDictionary<string, object> resource)
    {
        var added = options.Attributes.Select(pair => KeyValuePair.Create(pair.Key, (object)pair.Value));
        _fixed = [.. added.Concat(options.FromResource.Where(resource.ContainsKey).Select(name => KeyValuePair.Create(name, resource[name])))];
        _fromBaggage = [.. options.FromBaggage];
    }

    public override bool Process(Activity span)
    {
        foreach (var (name, value) in _fixed)
        {
            if (span.GetTagItem(name) is null) span.SetTag(name, value);
        }

        foreach (var key in _fromBaggage)
        {
            if (span.GetTagItem(key) is null && (span.GetBaggageItem(key) ?? Baggage.GetBaggage(key)) is { } value) span.SetTag(key, value);
        }

        return true;
    }
}
