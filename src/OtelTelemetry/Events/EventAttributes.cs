using System.Collections;
using System.Globalization;
using System.Text;
using OtelTelemetry.Logging;

namespace OtelTelemetry.Events;

/// <summary>
/// An event as the attributes of a log record: <c>event.name</c>, the labels under their names, the entries of a value that is a
/// dictionary under theirs (<c>value.</c> before a name that a label has), any other value as <c>value</c>, and the metadata as
/// <c>metadata.</c>name.
/// </summary>
internal sealed class EventAttributes : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const string NameAttribute = "event.name";
    private readonly TelemetryEvent _event;
    private readonly List<KeyValuePair<string, object?>> _attributes;

    internal EventAttributes(TelemetryEvent one)
    {
        _event = one;
        _attributes = [new(NameAttribute, one.Name), .. Of(one)];

        // By convention the template comes last; the names of events are few, as templates are.
        _attributes.Add(new(LogTemplate.Name, one.Name));
    }

    public int Count => _attributes.Count;

    public KeyValuePair<string, object?> this[int index] => _attributes[index];

    public override string ToString() => Describe(_event);

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _attributes.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static string Describe(TelemetryEvent one)
    {
        var text = new StringBuilder(one.Name);
        foreach (var (name, value) in Of(one)) text.Append(CultureInfo.InvariantCulture, $" {name}={value}");
        return text.ToString();
    }

    private static IEnumerable<KeyValuePair<string, object?>> Of(TelemetryEvent one)
    {
        foreach (var (name, value) in one.Labels) yield return new(name, value);
        if (one.Value is IReadOnlyDictionary<string, object?> entries)
        {
            foreach (var (name, value) in entries)
            {
                var taken = name == NameAttribute || one.Labels.TryGetValue(name, out _);
                yield return new(taken ? "value." + name : name, value);
            }
        }
        else if (one.Value is not null)
        {
            yield return new(one.Labels.TryGetValue("value", out _) ? "value.value" : "value", one.Value);
        }

        foreach (var (name, value) in one.Metadata ?? new Dictionary<string, object?>()) yield return new("metadata." + name, value);
    }
}
