using System.Text;

namespace OtelTelemetry.Tracing.Sampling.Consistent;

/// <summary>
/// The entry <c>ot</c> of a W3C trace state (OpenTelemetry specification "TraceState Handling"): threshold, explicit randomness, and what
/// others wrote there. Reading allocates nothing and never throws, whatever the text is. Writing keeps every other vendor's entry as it is.
/// </summary>
internal readonly struct OpenTelemetryTraceState
{
    /// <summary>The most entries a trace state has (W3C Trace Context, section 3.3.1.1).</summary>
    private const int MostMembers = 32;

    /// <summary>The longest value of an entry (same place, "value").</summary>
    private const int LongestValue = 256;

    private readonly string? _text;
    private readonly int _valueStart;
    private readonly int _valueLength;

    private OpenTelemetryTraceState(string? text, int valueStart, int valueLength, ulong? threshold, ulong? randomness)
    {
        _text = text;
        _valueStart = valueStart;
        _valueLength = valueLength;
        Threshold = threshold;
        Randomness = randomness;
    }

    /// <summary>The threshold that whoever decided before used; null when unknown.</summary>
    internal ulong? Threshold { get; }

    /// <summary>The explicit randomness; null when the trace id's is to be used.</summary>
    internal ulong? Randomness { get; }

    internal static OpenTelemetryTraceState Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return default;
        for (var start = 0; start <= text.Length;)
        {
            var end = EndOf(text, ',', start, text.Length);
            var (from, to) = Trim(text, start, end);
            if (to - from > 3 && text.AsSpan(from, 3) is "ot=") return ParseValue(text, from + 3, to - from - 3);
            start = end + 1;
        }

        return new(text, 0, 0, null, null);
    }

    /// <summary>The trace state with a threshold, or with none; null when there is nothing in it.</summary>
    internal string? With(ulong? threshold)
    {
        var value = new StringBuilder();
        if (threshold is { } rejected) value.Append("th:").Append(SamplingThreshold.Format(rejected));
        AppendOtherFields(value);
        var members = new StringBuilder();
        var count = 0;
        // What was changed comes first (W3C Trace Context, section 3.5).
        if (value.Length > 0)
        {
            members.Append("ot=").Append(value);
            count++;
        }

        AppendOtherMembers(members, count);
        return members.Length > 0 ? members.ToString() : null;
    }

    private static OpenTelemetryTraceState ParseValue(string text, int start, int length)
    {
        ulong? threshold = null, randomness = null;
        var end = start + length;
        if (length > LongestValue) return new(text, start, length, null, null);
        for (var from = start; from < end;)
        {
            var to = EndOf(text, ';', from, end);
            var field = text.AsSpan(from, to - from);
            if (field.StartsWith("th:", StringComparison.Ordinal) && SamplingThreshold.TryParse(field[3..], out var th)) threshold ??= th;
            else if (field.StartsWith("rv:", StringComparison.Ordinal) && SamplingThreshold.TryParseRandomness(field[3..], out var rv)) randomness ??= rv;
            from = to + 1;
        }

        return new(text, start, length, threshold, randomness);
    }

    private static int EndOf(string text, char separator, int start, int end)
    {
        var found = text.AsSpan(start, end - start).IndexOf(separator);
        return found < 0 ? end : start + found;
    }

    private static (int From, int To) Trim(string text, int from, int to)
    {
        while (from < to && text[from] is ' ' or '\t') from++;
        while (to > from && text[to - 1] is ' ' or '\t') to--;
        return (from, to);
    }

    /// <summary>The fields of the entry beside the threshold. One that would make the value too long is left out.</summary>
    private void AppendOtherFields(StringBuilder value)
    {
        if (_text is null || _valueLength > LongestValue) return;
        var end = _valueStart + _valueLength;
        for (var from = _valueStart; from < end;)
        {
            var to = EndOf(_text, ';', from, end);
            var field = _text.AsSpan(from, to - from);
            if (field.Length > 0 && !field.StartsWith("th:", StringComparison.Ordinal) && value.Length + field.Length < LongestValue)
            {
                if (value.Length > 0) value.Append(';');
                value.Append(field);
            }

            from = to + 1;
        }
    }

    private void AppendOtherMembers(StringBuilder members, int count)
    {
        if (_text is null) return;
        for (var start = 0; start <= _text.Length;)
        {
            var end = EndOf(_text, ',', start, _text.Length);
            var (from, to) = Trim(_text, start, end);
            var member = _text.AsSpan(from, to - from);
            start = end + 1;
            if (member.Length == 0 || member.StartsWith("ot=", StringComparison.Ordinal)) continue;
            // The oldest are at the end, and are given up where there are too many.
            if (++count > MostMembers) return;
            if (members.Length > 0) members.Append(',');
            members.Append(member);
        }
    }
}
