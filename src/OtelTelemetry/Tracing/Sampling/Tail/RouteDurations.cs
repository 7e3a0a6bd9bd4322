using System.Collections.Concurrent;

namespace OtelTelemetry.Tracing.Sampling.Tail;

/// <summary>What is usual for each route, so that what is slow can be told: a small digest for each of so many routes, and one for all
/// others. Thread-safe.</summary>
internal sealed class RouteDurations(double percentile, int maxRoutes)
{
    private readonly ConcurrentDictionary<string, Digest> _routes = new(StringComparer.Ordinal);
    private readonly Digest _others = new(percentile);
    private int _count;

    /// <summary>Whether a trace took longer than the usual part of its route; it is counted for the next ones.</summary>
    internal bool IsSlow(string route, TimeSpan duration)
    {
        if (!_routes.TryGetValue(route, out var digest)) digest = Add(route);
        return digest.IsSlow(duration);
    }

    private Digest Add(string route)
    {
        if (Volatile.Read(ref _count) >= maxRoutes) return _others;
        var added = new Digest(percentile);
        var digest = _routes.GetOrAdd(route, added);
        if (ReferenceEquals(digest, added)) Interlocked.Increment(ref _count);
        return digest;
    }

    /// <summary>Durations from 60 microseconds to a minute in 160 buckets of a ninth, 640 bytes. What is old weighs less: all is halved from time to time.</summary>
    private sealed class Digest(double percentile)
    {
        private const int PerDoubling = 8;
        private const int SmallestExponent = -4;
        private const int Buckets = 20 * PerDoubling;
        private const int FewestToTell = 100;
        private const int BetweenLooks = 32;
        private const int MostBeforeHalving = 4096;

        private readonly int[] _counts = new int[Buckets];
        private readonly Lock _gate = new();
        private int _total;
        private int _sinceLook;
        private int _usual = Buckets;

        internal bool IsSlow(TimeSpan duration)
        {
            var bucket = BucketOf(duration.TotalMilliseconds);
            lock (_gate)
            {
                var isSlow = bucket > _usual;
                _counts[bucket]++;
                _total++;
                if (++_sinceLook >= BetweenLooks && _total >= FewestToTell) Look();
                return isSlow;
            }
        }

        private static int BucketOf(double milliseconds) => milliseconds <= 0
            ? 0
            : (int)Math.Clamp((Math.Log2(milliseconds) - SmallestExponent) * PerDoubling, 0, Buckets - 1);

        private void Look()
        {
            _sinceLook = 0;
            var rank = percentile * _total;
            var seen = 0;
            for (_usual = 0; _usual < Buckets - 1; _usual++)
            {
                seen += _counts[_usual];
                if (seen >= rank) break;
            }

            if (_total < MostBeforeHalving) return;
            _total = 0;
            for (var i = 0; i < Buckets; i++) _total += _counts[i] /= 2;
        }
    }
}
