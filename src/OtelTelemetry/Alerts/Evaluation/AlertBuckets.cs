using OtelTelemetry.Reading;

namespace OtelTelemetry.Alerts.Evaluation;

/// <summary>The buckets of a histogram at one moment. Immutable.</summary>
internal abstract class AlertBuckets
{
    /// <summary>A quantile of what was observed since an earlier moment; NaN when nothing was.</summary>
    public abstract double Quantile(double quantile, AlertBuckets? since);

    /// <summary>With explicit bounds.</summary>
    internal sealed class Explicit(double[] bounds, long[] counts) : AlertBuckets
    {
        public override double Quantile(double quantile, AlertBuckets? since)
        {
            if (since is not Explicit before || !before.Bounds.AsSpan().SequenceEqual(bounds)) return BucketQuantiles.Explicit(bounds, counts, quantile);
            var added = new long[counts.Length];
            for (var i = 0; i < added.Length; i++)
            {
                added[i] = counts[i] - before.Counts[i];

                // It was set back: what there is came since.
                if (added[i] < 0) return BucketQuantiles.Explicit(bounds, counts, quantile);
            }

            return BucketQuantiles.Explicit(bounds, added, quantile);
        }

        private double[] Bounds => bounds;

        private long[] Counts => counts;
    }

    /// <summary>With exponential bounds.</summary>
    internal sealed class Exponential(int scale, long zeroCount, int offset, long[] counts) : AlertBuckets
    {
        public override double Quantile(double quantile, AlertBuckets? since)
        {
            if (since is not Exponential before || before.Scale < scale) return BucketQuantiles.Exponential(scale, zeroCount, offset, counts, quantile);
            var added = (long[])counts.Clone();
            for (var i = 0; i < before.Counts.Length; i++)
            {
                // A finer scale before: its buckets lie in ours (OpenTelemetry metrics data model, "Perfect subsetting").
                var index = ((before.Offset + i) >> (before.Scale - scale)) - offset;
                if (before.Counts[i] == 0) continue;
                if (index < 0 || index >= added.Length || (added[index] -= before.Counts[i]) < 0) return BucketQuantiles.Exponential(scale, zeroCount, offset, counts, quantile);
            }

            var zeros = zeroCount - before.ZeroCount;
            return zeros < 0 ? BucketQuantiles.Exponential(scale, zeroCount, offset, counts, quantile) : BucketQuantiles.Exponential(scale, zeros, offset, added, quantile);
        }

        private int Scale => scale;

        private long ZeroCount => zeroCount;

        private int Offset => offset;

        private long[] Counts => counts;
    }
}
