using System.Globalization;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Writes numbers as the text formats want them.</summary>
internal static class NumberText
{
    /// <summary>The most bytes any number takes: -1.7976931348623157E+308.</summary>
    public const int MaxLength = 24;

    private const double MaxExactInteger = 9007199254740992;

    public static int Write(long value, Span<byte> destination)
    {
        value.TryFormat(destination, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }

    /// <summary>Whether a value can be written as an integer, which is much faster.</summary>
    public static bool IsInteger(double value, out long integer)
    {
        integer = (long)value;
        return integer == value && value is > -MaxExactInteger and < MaxExactInteger;
    }

    /// <summary>The shortest text that reads back as the same value.</summary>
    public static int Write(double value, Span<byte> destination)
    {
        if (IsInteger(value, out var integer)) return Write(integer, destination);
        if (!double.IsFinite(value)) return Special(value, destination);
        value.TryFormat(destination, out var written, "R", CultureInfo.InvariantCulture);
        return written;
    }

    /// <summary>A number as a label value (<c>le</c>, <c>quantile</c>): as Go's %g writes it, so that the same number is the same label
    /// whoever exports it; in OpenMetrics always recognisable as a float (OpenMetrics 1.0.0, "Considerations: Canonical Numbers").</summary>
    public static string Label(double value, bool openMetrics)
    {
        if (double.IsPositiveInfinity(value)) return "+Inf";
        if (double.IsNegativeInfinity(value)) return "-Inf";
        if (double.IsNaN(value)) return "NaN";
        if (value == 0) return openMetrics ? "0.0" : "0";

        var (sign, digits, exponent) = Digits(value);
        string text;
        // %g with the shortest precision decides between its two notations as if there were 6 digits.
        if (exponent is < -4 or >= 6)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            text = $"{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }
        else if (exponent < 0)
        {
            text = "0." + new string('0', -exponent - 1) + digits;
        }
        else if (digits.Length <= exponent + 1)
        {
            text = digits.PadRight(exponent + 1, '0');
        }
        else
        {
            text = digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
        }

        if (openMetrics && !text.Contains('.', StringComparison.Ordinal) && !text.Contains('e', StringComparison.Ordinal)) text += ".0";
        return sign + text;
    }

    private static (string Sign, string Digits, int Exponent) Digits(double value)
    {
        var parts = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var mantissa = parts[0];
        var shift = parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa.Length : point;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var significant = all.TrimStart('0');
        var exponent = whole - 1 - (all.Length - significant.Length) + shift;
        return (value < 0 ? "-" : "", significant.TrimEnd('0'), exponent);
    }

    private static int Special(double value, Span<byte> destination)
    {
        var text = double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8;
        text.CopyTo(destination);
        return text.Length;
    }
}
