namespace OtelTelemetry.Reading;

/// <summary>Quantiles from buckets, as Prometheus computes them (Prometheus documentation, "Query functions", <c>histogram_quantile</c>):
/// inside a bucket with explicit bounds values are taken to lie evenly, inside an exponential one evenly on the logarithmic scale.</summary>
internal static class BucketQuantiles
{
    /// <summary>The quantile of a histogram with explicit bounds; NaN when it is empty or has no bound. What lies past the last bound is answered with it.</summary>
    public static double Explicit(ReadOnlySpan<double> bounds, ReadOnlySpan<long> counts, double quantile)
    {
        Check(quantile);
        long count = 0;
        foreach (var bucket in counts) count += bucket;
        if (count == 0 || bounds.IsEmpty) return double.NaN;
        var rank = quantile * count;
        long below = 0;
        for (var i = 0; i < bounds.Length; i++)
        {
            var reached = below + counts[i];
            if (reached >= rank && counts[i] > 0) return Inside(bounds, counts, i, rank - below);
            below = reached;
        }

        return bounds[^1];
    }

    /// <summary>The quantile of a base-2 exponential histogram; NaN when it is empty.</summary>
    public static double Exponential(int scale, long zeroCount, int offset, ReadOnlySpan<long> counts, double quantile)
    {
        Check(quantile);
        var count = zeroCount;
        foreach (var bucket in counts) count += bucket;
        if (count == 0) return double.NaN;
        var rank = quantile * count;
        if (zeroCount > 0 && rank <= zeroCount) return 0;
        var below = zeroCount;
        var last = 0.0;
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 0) continue;
            var share = (rank - below) / counts[i];
            if (share <= 1) return Edge(scale, offset + i + Math.Max(share, 0));
            below += counts[i];
            last = Edge(scale, offset + i + 1.0);
        }

        // Only rounding of the rank leads past the last bucket.
        return last;
    }

    public static void Check(double quantile)
    {
        if (quantile is >= 0 and <= 1) return;
        throw new ArgumentOutOfRangeException(nameof(quantile), quantile, "A quantile is a number from 0 to 1: 0.95 stands for the 95th percentile.");
    }

    private static double Inside(ReadOnlySpan<double> bounds, ReadOnlySpan<long> counts, int bucket, double rank)
    {
        var end = bounds[bucket];
        // Prometheus takes the first bucket to begin at 0, unless it ends below.
        if (bucket == 0 && end <= 0) return end;
        var start = bucket == 0 ? 0 : bounds[bucket - 1];
        return start + ((end - start) * (rank / counts[bucket]));
    }

    /// <summary>The edge between exponential buckets: base^index with base = 2^(2^-scale).</summary>
    private static double Edge(int scale, double index) => Math.Pow(2, Math.ScaleB(index, -scale));
}
