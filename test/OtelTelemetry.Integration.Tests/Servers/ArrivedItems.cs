using System.Globalization;
using System.Text.Json.Nodes;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>A metric point as a brief receiver wrote it down.</summary>
internal sealed record ArrivedPoint(string Instance, string Metric, IReadOnlyDictionary<string, string> Attributes, long Time, double Value);

/// <summary>What arrived at brief receivers of one file, those included that were killed.</summary>
internal sealed class ArrivedItems
{
    /// <summary>How often each numbered span and log record arrived.</summary>
    public Dictionary<long, int> Spans { get; } = [];

    /// <inheritdoc cref="Spans"/>
    public Dictionary<long, int> Logs { get; } = [];

    /// <summary>How often each point arrived.</summary>
    public Dictionary<string, int> PointCounts { get; } = new(StringComparer.Ordinal);

    /// <summary>Each point once.</summary>
    public List<ArrivedPoint> Points { get; } = [];

    public static ArrivedItems In(string file)
    {
        var arrived = new ArrivedItems();
        foreach (var line in File.ReadLines(file))
        {
            // A line that breaks off was not answered: its writer was killed.
            if (!line.EndsWith("]}", StringComparison.Ordinal)) continue;
            var export = JsonNode.Parse(line)!;
            foreach (var item in export["items"]!.AsArray()) arrived.Add(export["signal"]!.GetValue<string>(), item!);
        }

        return arrived;
    }

    /// <summary>How many more arrived than there are.</summary>
    public static int Duplicates<T>(Dictionary<T, int> counts)
        where T : notnull => counts.Values.Sum() - counts.Count;

    private static void Count<T>(Dictionary<T, int> counts, T item)
        where T : notnull => counts[item] = counts.GetValueOrDefault(item) + 1;

    private void Add(string signal, JsonNode item)
    {
        if (signal != "metrics")
        {
            Count(signal == "traces" ? Spans : Logs, long.Parse(item.GetValue<string>(), CultureInfo.InvariantCulture));
            return;
        }

        var identity = item.ToJsonString();
        Count(PointCounts, identity);
        if (PointCounts[identity] > 1) return;
        Points.Add(new ArrivedPoint(
            item[0]!.GetValue<string>(), item[1]!.GetValue<string>(), Otlp.Attributes(item[2]), long.Parse(item[3]!.GetValue<string>(), CultureInfo.InvariantCulture), item[4]?.GetValue<double>() ?? double.NaN));
    }
}
