namespace OtelTelemetry.Benchmarks;

/// <summary>Something that can be repeated: runs an operation <paramref name="operations"/> times.</summary>
internal delegate void Operation(int operations);

/// <summary>
/// Measures a subject against a baseline in one process, a short stretch of the one and of the other in turn, so that a machine
/// that changes its speed changes both. What is reported is the median of the ratios of neighbours.
/// </summary>
internal sealed class PairedBenchmark(string name, Operation baseline, Operation subject)
{
    private const int Rounds = 41;
    private static readonly TimeSpan s_stretch = TimeSpan.FromMilliseconds(25);

    /// <summary>On how many threads at once each stretch runs.</summary>
    internal int Threads { get; init; } = 1;

    internal BenchmarkResult Run()
    {
        var baselineOperations = Calibrate(baseline);
        var subjectOperations = Calibrate(subject);
        var pairs = new List<(double Baseline, double Subject)>();
        for (var round = 0; round < Rounds; round++)
        {
            // Who goes first changes, so that neither always has the other's caches.
            if (round % 2 == 0)
            {
                var first = Time(baseline, baselineOperations);
                pairs.Add((first, Time(subject, subjectOperations)));
            }
            else
            {
                var first = Time(subject, subjectOperations);
                pairs.Add((Time(baseline, baselineOperations), first));
            }
        }

        return new BenchmarkResult(
            name,
            Median(pairs.Select(pair => pair.Baseline)),
            Median(pairs.Select(pair => pair.Subject)),
            Median(pairs.Select(pair => pair.Subject / pair.Baseline)),
            BytesPerOperation());
    }

    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private int Calibrate(Operation operation)
    {
        // Long enough for the runtime to have compiled the hot loops for good before anything counts.
        var operations = 1000;
        var warm = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var nanoseconds = Time(operation, operations) * operations;
            if (nanoseconds >= s_stretch.TotalNanoseconds && TimeProvider.System.GetElapsedTime(warm) > TimeSpan.FromMilliseconds(700)) return operations;
            if (nanoseconds < s_stretch.TotalNanoseconds) operations *= 2;
        }
    }

    /// <summary>Nanoseconds an operation, as the wall clock sees one thread.</summary>
    private double Time(Operation operation, int operations)
    {
        if (Threads == 1)
        {
            var start = TimeProvider.System.GetTimestamp();
            operation(operations);
            return TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / operations;
        }

        using var ready = new Barrier(Threads + 1);
        var elapsed = new double[Threads];
        var threads = Enumerable.Range(0, Threads).Select(index => new Thread(() =>
        {
            ready.SignalAndWait();
            var start = TimeProvider.System.GetTimestamp();
            operation(operations);
            elapsed[index] = TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / operations;
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        ready.SignalAndWait();
        foreach (var thread in threads) thread.Join();
        return elapsed.Average();
    }

    private double BytesPerOperation()
    {
        const int Operations = 100_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        subject(Operations);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Operations;
    }
}

/// <summary>A line of the table.</summary>
internal sealed record BenchmarkResult(string Name, double Baseline, double Subject, double Ratio, double Bytes, string Unit = "ns")
{
    internal static string Header(string baseline) => $"| case | {baseline} | ours | ratio | B/op |\n|---|---:|---:|---:|---:|";

    public override string ToString() =>
        FormattableString.Invariant($"| {Name} | {Baseline:0.##} {Unit} | {Subject:0.##} {Unit} | {Ratio:0.000} | {Bytes:0.##} |");
}
