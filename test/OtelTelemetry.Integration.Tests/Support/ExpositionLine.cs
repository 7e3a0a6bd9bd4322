using System.Globalization;

namespace OtelTelemetry.Integration.Tests.Support;

/// <summary>Reads one sample line of the Prometheus text formats, as far as the tests need: label values hold no quotes and no " # ".</summary>
internal static class ExpositionLine
{
    /// <summary>The name and the labels.</summary>
    public static string Series(string line) => WithoutExemplar(line)[..Split(line)].TrimEnd();

    public static double Value(string line) =>
        double.Parse(WithoutExemplar(line)[Split(line)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>A label's value, or null when the line has no such label.</summary>
    public static string? Label(string line, string name)
    {
        var start = line.IndexOf($"{name}=\"", StringComparison.Ordinal);
        if (start < 0) return null;
        start += name.Length + 2;
        return line[start..line.IndexOf('"', start)];
    }

    private static string WithoutExemplar(string line) => line.Split(" # ")[0];

    /// <summary>Where the value begins: after the labels, or after the name where there are none.</summary>
    private static int Split(string line)
    {
        var labelsEnd = WithoutExemplar(line).LastIndexOf('}');
        return labelsEnd >= 0 ? labelsEnd + 1 : line.IndexOf(' ');
    }
}
