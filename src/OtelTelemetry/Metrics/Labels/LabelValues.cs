using System.Runtime.CompilerServices;
using static OtelTelemetry.Metrics.Labels.LabelText;

namespace OtelTelemetry.Metrics.Labels;

/// <summary>
/// The label values of a series. The first four are in the series itself and not in an array, which saves a look-up one
/// dependent memory access and every series the array's header.
/// </summary>
internal readonly struct LabelValues
{
    private const int Inline = 4;

    private readonly string? _first;
    private readonly string? _second;
    private readonly string? _third;
    private readonly string? _fourth;
    private readonly string[]? _more;

    internal LabelValues(ReadOnlySpan<string> values)
    {
        if (values.Length > 0) _first = values[0];
        if (values.Length > 1) _second = values[1];
        if (values.Length > 2) _third = values[2];
        if (values.Length > 3) _fourth = values[3];
        if (values.Length > Inline) _more = values[Inline..].ToArray();
    }

    internal int Count => _first is null ? 0 : _second is null ? 1 : _third is null ? 2 : _fourth is null ? 3 : Inline + (_more?.Length ?? 0);

    internal string this[int index] => index switch
    {
        0 => _first!,
        1 => _second!,
        2 => _third!,
        3 => _fourth!,
        _ => _more![index - Inline],
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Are(string a) => Same(_first, a) && _second is null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Are(string a, string b) => Same(_first, a) && Same(_second, b) && _third is null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Are(string a, string b, string c) => Same(_first, a) && Same(_second, b) && Same(_third, c) && _fourth is null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Are(string a, string b, string c, string d) =>
        Same(_first, a) && Same(_second, b) && Same(_third, c) && Same(_fourth, d) && _more is null;

    internal bool Are(ReadOnlySpan<string> values)
    {
        if (values.Length != Count) return false;
        for (var i = 0; i < values.Length; i++)
        {
            if (!Same(this[i], values[i])) return false;
        }

        return true;
    }

    /// <summary>Whether the values are these very objects.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool AreObjects(string a, string b, string c) =>
        ReferenceEquals(_first, a) && ReferenceEquals(_second, b) && ReferenceEquals(_third, c) && _fourth is null;

    /// <inheritdoc cref="AreObjects(string, string, string)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool AreObjects(string a, string b) => ReferenceEquals(_first, a) && ReferenceEquals(_second, b) && _third is null;

    internal string[] ToArray()
    {
        var values = new string[Count];
        for (var i = 0; i < values.Length; i++) values[i] = this[i];
        return values;
    }
}
