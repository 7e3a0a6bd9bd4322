using System.Diagnostics;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>Reads single headers of whatever carries them.</summary>
internal static class Headers
{
    /// <summary>The value of a header that may be there once; null where it is not there or several times, which leaves open what was meant.</summary>
    public static string? Single(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter, string name)
    {
        getter(carrier, name, out var value, out var values);
        if (value is not null || values is null) return value;
        if (values is IReadOnlyList<string> list) return list.Count == 1 ? list[0] : null;
        foreach (var one in values)
        {
            if (value is not null) return null;
            value = one;
        }

        return value;
    }

    /// <summary>The values of a header that may be there several times, as one list (RFC 9110, section 5.3); null where there is none.</summary>
    /// <param name="carrier">What carries the headers.</param>
    /// <param name="getter">Reads from it.</param>
    /// <param name="name">The header's name.</param>
    /// <param name="most">The most characters; where there are more, nothing is put together, and the result is longer than that.</param>
    public static string? Combined(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter, string name, int most)
    {
        getter(carrier, name, out var value, out var values);
        if (value is not null || values is null) return value;
        foreach (var one in values)
        {
            if (value?.Length > most) break;
            value = value is null ? one : $"{value},{(one?.Length > most ? one[..(most + 1)] : one)}";
        }

        return value;
    }

    /// <summary>Without the optional white space of RFC 9110, section 5.6.3.</summary>
    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text) => text.Trim(" \t");
}
