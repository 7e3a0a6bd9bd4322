using System.Collections.Concurrent;
using System.Diagnostics;

namespace OtelTelemetry.Instrumentation;

/// <summary>The activity sources of traced methods: one for each name, as long as the process lives.</summary>
internal static class MeasuredSources
{
    private static readonly ConcurrentDictionary<string, ActivitySource> s_sources = new(StringComparer.Ordinal);

    internal static ActivitySource Get(string name) => s_sources.GetOrAdd(name, name => new ActivitySource(name));
}
