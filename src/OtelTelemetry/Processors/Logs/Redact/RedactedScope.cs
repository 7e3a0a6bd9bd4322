using System.Collections;
using OtelTelemetry.Logging;

namespace OtelTelemetry.Processors.Logs.Redact;

/// <summary>A scope whose secrets have been replaced, in its values and in its text. Immutable.</summary>
internal sealed class RedactedScope(KeyValuePair<string, object?>[] values, string replacement) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => values.Length;

    public KeyValuePair<string, object?> this[int index] => values[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, object?>>)values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => values.GetEnumerator();

    public override string ToString() => values is [.., { Key: LogTemplate.Name, Value: string template }]
        ? MessageTemplate.Render(template, values, replacement)
        : string.Join(' ', values.Select(pair => $"{pair.Key}={pair.Value}"));
}
