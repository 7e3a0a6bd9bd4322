using OpenTelemetry.Logs;

namespace OtelTelemetry.Logging.Formats;

/// <summary>The values of the scopes a record was written in: of those with one name the innermost. Used by one thread.</summary>
internal sealed class LogScopes
{
    private readonly List<KeyValuePair<string, object?>> _values = [];
    private readonly List<object> _texts = [];

    /// <summary>Names and values, outer ones first.</summary>
    public List<KeyValuePair<string, object?>> Values => _values;

    /// <summary>Scopes that are only texts, outer ones first.</summary>
    public List<object> Texts => _texts;

    public void Read(LogRecord record)
    {
        Clear();
        record.ForEachScope(static (scope, scopes) => scopes.Add(scope), this);
    }

    public void Clear()
    {
        _values.Clear();
        _texts.Clear();
    }

    private void Add(LogRecordScope scope)
    {
        if (scope.Scope is null || RepeatsIds(scope.Scope)) return;
        var isText = true;
        foreach (var pair in scope)
        {
            // A scope without names is one value without a name.
            if (pair.Key.Length == 0 || pair.Key == LogTemplate.Name) continue;
            isText = false;
            Put(pair);
        }

        if (isText) _texts.Add(scope.Scope);
    }

    /// <summary>The scope that a host opens around every record of a span (ActivityTrackingOptions): the record has these ids itself.</summary>
    private static bool RepeatsIds(object scope) =>
        scope is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 1 } values && values[0].Key == "SpanId" && values[1].Key == "TraceId";

    private void Put(KeyValuePair<string, object?> pair)
    {
        for (var i = 0; i < _values.Count; i++)
        {
            if (!string.Equals(_values[i].Key, pair.Key, StringComparison.Ordinal)) continue;
            _values[i] = pair;
            return;
        }

        _values.Add(pair);
    }
}
