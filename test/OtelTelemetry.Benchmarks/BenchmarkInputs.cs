namespace OtelTelemetry.Benchmarks;

/// <summary>Random inputs, long enough that a branch predictor cannot learn them. The same at every run.</summary>
internal sealed class BenchmarkInputs
{
    internal const int Length = 1 << 16;
    internal const int Mask = Length - 1;

    private static readonly string[] s_methods = ["GET", "POST", "PUT", "DELETE"];
    private static readonly string[] s_statuses = ["200", "201", "204", "301", "400", "404", "409", "500", "502", "503"];

    internal BenchmarkInputs(int series)
    {
        var random = new Random(42);
        var combinations = new List<string[]>();
        for (var i = 0; i < series; i++)
        {
            combinations.Add([s_methods[i % 4], $"/api/v1/resource-{i / 40:000}", s_statuses[i / 4 % 10]]);
        }

        Combinations = [.. combinations];
        Sequence = new int[Length];
        Labels = new string[Length * 3];
        FreshLabels = new string[Length * 3];
        Values = new double[Length];
        // A string that was just made is in the processor's cache; a few copies of each value model that, a new one each time would
        // measure the memory.
        var copies = combinations.SelectMany(labels => labels).Distinct().ToDictionary(
            label => label, label => Enumerable.Range(0, 8).Select(_ => new string(label.AsSpan())).ToArray());
        for (var i = 0; i < Length; i++)
        {
            Sequence[i] = random.Next(series);
            for (var label = 0; label < 3; label++)
            {
                Labels[(i * 3) + label] = Combinations[Sequence[i]][label];
                FreshLabels[(i * 3) + label] = copies[Labels[(i * 3) + label]][random.Next(8)];
            }

            // Log-uniform from 1 ms to 20 s: every bucket is hit.
            Values[i] = 0.001 * Math.Pow(20_000, random.NextDouble());
        }
    }

    /// <summary>Every series' label values.</summary>
    internal string[][] Combinations { get; }

    /// <summary>Which series comes when.</summary>
    internal int[] Sequence { get; }

    /// <summary>The three label values of each step in that order, as the same string objects.</summary>
    internal string[] Labels { get; }

    /// <summary>The three label values of each step in that order, as equal strings that are other objects.</summary>
    internal string[] FreshLabels { get; }

    /// <summary>Values to observe.</summary>
    internal double[] Values { get; }

    internal static KeyValuePair<string, object?>[] Tags(string[] labels) => [new("method", labels[0]), new("route", labels[1]), new("status", labels[2])];
}
