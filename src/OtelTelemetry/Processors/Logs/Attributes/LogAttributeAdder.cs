using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OtelTelemetry.Logging;

namespace OtelTelemetry.Processors.Logs.Attributes;

/// <summary>Adds the attributes of its settings. Allocates only where there is one to add, and to look into scopes.</summary>
internal sealed class LogAttributeAdder : LogProcessor
{
    private readonly KeyValuePair<string, object?>[] _fixed;
    private readonly string[] _fromBaggage;
    private readonly string[] _fromScopes;

    internal LogAttributeAdder(AddLogAttributesOptions options, IReadOnlyDictionary<string, object> resource)
    {
        var added = options.Attributes.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value));
        _fixed = [.. added.Concat(options.FromResource.Where(resource.ContainsKey).Select(name => KeyValuePair.Create(name, (object?)resource[name])))];
        _fromBaggage = [.. options.FromBaggage];
        _fromScopes = [.. options.FromScopes];
    }

    public override bool Process(LogRecord record)
    {
        List<KeyValuePair<string, object?>>? added = null;
        foreach (var (name, value) in _fixed) Add(record, name, value, ref added);
        if (_fromScopes.Length > 0) AddScopes(record, ref added);
        foreach (var key in _fromBaggage) Add(record, key, Activity.Current?.GetBaggageItem(key) ?? Baggage.GetBaggage(key), ref added);
        if (added is null) return true;

        // By convention the template comes last.
        var old = record.Attributes ?? [];
        var hasTemplate = old.Count > 0 && old[^1].Key == LogTemplate.Name;
        var all = new List<KeyValuePair<string, object?>>(old.Count + added.Count);
        for (var i = 0; i < old.Count - (hasTemplate ? 1 : 0); i++) all.Add(old[i]);
        all.AddRange(added);
        if (hasTemplate) all.Add(old[^1]);
        record.Attributes = all;
        return true;
    }

    private static void Add(LogRecord record, string name, object? value, ref List<KeyValuePair<string, object?>>? added)
    {
        if (value is null || Has(record.Attributes, name) || Has(added, name)) return;
        (added ??= []).Add(new(name, value));
    }

    private static bool Has(IReadOnlyList<KeyValuePair<string, object?>>? attributes, string name)
    {
        for (var i = 0; i < (attributes?.Count ?? 0); i++)
        {
            if (string.Equals(attributes![i].Key, name, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    /// <summary>Scopes come from the outermost to the innermost, whose value counts.</summary>
    private void AddScopes(LogRecord record, ref List<KeyValuePair<string, object?>>? added)
    {
        var found = new Found(_fromScopes);
        record.ForEachScope(static (scope, found) => found.Visit(scope), found);
        for (var i = 0; i < _fromScopes.Length; i++) Add(record, _fromScopes[i], found.Values?[i], ref added);
    }

    private sealed class Found(string[] names)
    {
        public object?[]? Values { get; private set; }

        public void Visit(LogRecordScope scope)
        {
            foreach (var (name, value) in scope)
            {
                var i = Array.IndexOf(names, name);
                if (i >= 0) (Values ??= new object?[names.Length])[i] = value;
            }
        }
    }
}
