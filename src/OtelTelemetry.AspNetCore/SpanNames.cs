using System.Collections.Concurrent;

namespace OtelTelemetry.AspNetCore;

/// <summary>Names of server spans: method and route. Kept, since an application has few of them. Thread-safe.</summary>
internal static class SpanNames
{
    /// <summary>An application that makes routes at run time could otherwise fill the memory.</summary>
    private const int MostKept = 4096;

    private static readonly ConcurrentDictionary<(string Method, string Route), string> s_names = new();

    public static string Of(string method, string? route)
    {
        if (route is null) return method;
        if (s_names.TryGetValue((method, route), out var name)) return name;
        name = route is ['/', ..] ? $"{method} {route}" : $"{method} /{route}";
        if (s_names.Count < MostKept) s_names.TryAdd((method, route), name);
        return name;
    }
}
