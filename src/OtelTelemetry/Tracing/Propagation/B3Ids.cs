using System.Diagnostics;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>B3's ids and sampling states, turned into W3C's form (github.com/openzipkin/b3-propagation; OpenTelemetry context specification, "B3 Extract").</summary>
internal static class B3Ids
{
    /// <summary>How a debug flag travels through the process: as a member of the trace state. It must be propagated (B3, "Debug Flag").</summary>
    internal const string DebugState = "b3=d";

    /// <summary>The <c>traceparent</c> for these ids; null when one is malformed or all zeros. A decision the sender left open counts as sampled.</summary>
    public static string? ToTraceParent(ReadOnlySpan<char> traceId, ReadOnlySpan<char> spanId, bool sampled)
    {
        if (traceId.Length is not (16 or 32) || spanId.Length != 16 || !IsId(traceId) || !IsId(spanId)) return null;
        Span<char> header = stackalloc char[55];
        header.Fill('0');
        header[2] = header[35] = header[52] = '-';
        traceId.ToLowerInvariant(header[(35 - traceId.Length)..35]);
        spanId.ToLowerInvariant(header[36..52]);
        if (sampled) header[54] = '1';
        return new string(header);
    }

    /// <summary>The meaning of a sampling state: <c>1</c>, <c>d</c> (debug), <c>true</c>, or nothing, which leaves it open; <c>0</c> and <c>false</c> are the others.</summary>
    public static bool? IsSampled(ReadOnlySpan<char> state) => state switch
    {
        "" or "1" or "d" or "D" or "true" => true,
        "0" or "false" => false,
        _ => null,
    };

    public static bool IsDebug(ReadOnlySpan<char> state) => state is "d" or "D";

    public static bool IsId(ReadOnlySpan<char> id)
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

    public static bool IsDebug(Activity activity) => IsRecorded(activity) && TraceState.Has(activity.TraceStateString, DebugState);
}
