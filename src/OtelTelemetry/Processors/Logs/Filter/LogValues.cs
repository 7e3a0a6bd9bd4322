using OpenTelemetry.Logs;

namespace OtelTelemetry.Processors.Logs.Filter;

/// <summary>Looks for values in the attributes and scopes of a record. Allocates nothing of its own.</summary>
internal static class LogValues
{
    [ThreadStatic]
    private static Search? t_search;

    /// <summary>Whether an attribute, or else one of a scope, is what is looked for.</summary>
    /// <param name="record">The record.</param>
    /// <param name="wanted">Says so; kept by whoever asks, so that nothing is made for a record.</param>
    internal static bool Any(LogRecord record, Func<string, object?, bool> wanted)
    {
        if (record.Attributes is { } attributes)
        {
            for (var i = 0; i < attributes.Count; i++)
            {
                var (name, value) = attributes[i];
                if (wanted(name, value)) return true;
            }
        }

        // Taken while it is used: a scope of the application may log itself.
        var search = t_search ?? new Search();
        t_search = null;
        search.Wanted = wanted;
        search.IsFound = false;
        record.ForEachScope(static (scope, search) => search.Visit(scope), search);
        var found = search.IsFound;
        search.Wanted = null;
        t_search = search;
        return found;
    }

    private sealed class Search
    {
        public Func<string, object?, bool>? Wanted { get; set; }

        public bool IsFound { get; set; }

        public void Visit(LogRecordScope scope)
        {
            if (IsFound) return;
            foreach (var (name, value) in scope)
            {
                if (!Wanted!(name, value)) continue;
                IsFound = true;
                return;
            }
        }
    }
}
