using System.Diagnostics;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>B3's ids and sampling states, turned into W3C's form (github.com/openzipkin/b3-propagation; OpenTelemetry context specification, "B3 Extract").</summary>
internal static class B3Ids
{
    /// <summary>The <c>traceparent</c> for these ids; null when one is malformed or all zeros. A decision the sender left open counts as sampled.</summary>
    public static string? ToTraceParent(ReadOnlySpan<char> traceId, ReadOnlySpan<char> spanId, bool sampled)
    {
        if (traceId.Length is not (16 or 32) || spanId.Length != 16 || !IsId(traceId) || !IsId(spanId)) return null;
        return string.Create(null, stackalloc char[64], $"00-{(traceId.Length == 16 ? "0000000000000000" : "")}{traceId}-{spanId}-{(sampled ? "01" : "00")}").ToLowerInvariant();
    }

    /// <summary>The meaning of a sampling state: <c>1</c>, <c>d</c> (debug), <c>true</c>, or nothing, which leaves it open; <c>0</c> and <c>false</c> are the others.</summary>
    public static bool? IsSampled(ReadOnlySpan<char> state) => state switch
    {
        "" or "1" or "d" or "D" or "true" => true,
        "0" or "false" => false,
        _ => null,
    };

    private static bool IsId(ReadOnlySpan<char> id)
    {
        var anyNonZero = false;
        foreach (var c in id)
        {
            if (!char.IsAsciiHexDigit(c)) return false;
            anyNonZero |= c != '0';
        }

        return anyNonZero;
    }

    public static bool IsRecorded(Activity activity) => (activity.ActivityTraceFlags & ActivityTraceFlags.Recorded) != 0;
}
