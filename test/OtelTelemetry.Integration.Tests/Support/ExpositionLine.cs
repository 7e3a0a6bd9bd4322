using System.Globalization;

namespace OtelTelemetry.Integration.Tests.Support;

/// <summary>Reads one sample line of the Prometheus text format, as far as the tests need: values without spaces in labels' ends.</summary>
internal static class ExpositionLine
{
    public static double Value(string line) =>
        double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>A label's value, or null when the line has no such label.</summary>
    public static string? Label(string line, string name)
    {
        var start = line.IndexOf($"{name}=\"", StringComparison.Ordinal);
        if (start < 0) return null;
        start += name.Length + 2;
        return line[start..line.IndexOf('"', start)];
    }
}
