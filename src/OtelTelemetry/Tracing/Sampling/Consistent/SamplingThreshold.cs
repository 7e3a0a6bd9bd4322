using System.Diagnostics;
using System.Globalization;

namespace OtelTelemetry.Tracing.Sampling.Consistent;

/// <summary>
/// The numbers of OpenTelemetry's probability sampling (specification "TraceState: Probability Sampling"): a trace with randomness R is
/// sampled by a threshold T when R ≥ T, both of 56 bits, so that T / 2^56 of all traces are rejected.
/// </summary>
internal static class SamplingThreshold
{
    /// <summary>2^56: the number of values, and the threshold that rejects everything, which cannot be written.</summary>
    internal const ulong None = 1UL << 56;

    private const int Digits = 14;

    /// <summary>The hexadecimal digits that are kept behind the leading <c>f</c>s: the rate is off by less than 1 part in 2^15 then, and the
    /// text is short.</summary>
    private const int Precision = 4;

    /// <summary>The threshold for a rate from 0 to 1, rounded to <see cref="Precision"/>: what is written is what is done.</summary>
    internal static ulong OfRate(double rate)
    {
        var accepted = (ulong)Math.Round(Math.Clamp(rate, 0, 1) * None);
        var threshold = None - accepted;
        if (accepted == 0) return None;
        var leading = 0;
        while (leading < Digits && ((threshold >> (4 * (Digits - 1 - leading))) & 0xF) == 0xF) leading++;
        var shift = 4 * Math.Max(0, Digits - leading - Precision);
        if (shift == 0) return threshold;
        var rounded = ((threshold + (1UL << (shift - 1))) >> shift) << shift;
        return rounded < None ? rounded : threshold;
    }

    /// <summary>How many traces one that was sampled stands for.</summary>
    internal static double AdjustedCount(ulong threshold) => (double)None / (None - threshold);

    /// <summary>The randomness of a trace id: its last seven bytes.</summary>
    internal static ulong RandomnessOf(ActivityTraceId traceId)
    {
        // An id holds its text, so that reading the digits costs less than copying the bytes.
        _ = TryParseHex(traceId.ToHexString().AsSpan(32 - Digits), out var randomness);
        return randomness;
    }

    /// <summary>As it is written: 14 digits without the zeros at the end; <c>0</c> for a threshold that rejects nothing.</summary>
    internal static string Format(ulong threshold) =>
        threshold == 0 ? "0" : threshold.ToString("x14", CultureInfo.InvariantCulture).TrimEnd('0');

    /// <summary>Reads a threshold: 1 to 14 lower-case digits, zeros at the end left out.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out ulong threshold)
    {
        threshold = 0;
        if (text.Length is 0 or > Digits || !TryParseHex(text, out threshold)) return false;
        threshold <<= 4 * (Digits - text.Length);
        return true;
    }

    /// <summary>Reads an explicit randomness: exactly 14 lower-case digits.</summary>
    internal static bool TryParseRandomness(ReadOnlySpan<char> text, out ulong randomness)
    {
        randomness = 0;
        return text.Length == Digits && TryParseHex(text, out randomness);
    }

    /// <summary>Reads at most 16 lower-case digits.</summary>
    internal static bool TryParseHex(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        foreach (var c in text)
        {
            var digit = c switch { >= '0' and <= '9' => c - '0', >= 'a' and <= 'f' => c - 'a' + 10, _ => -1 };
            if (digit < 0) return false;
            value = (value << 4) | (uint)digit;
        }

        return true;
    }
}
