using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Prometheus;

internal sealed partial class PrometheusTextWriter
{
    /// <inheritdoc/>
    public override bool VisitHistogram(Series series, in HistogramView histogram)
    {
        var text = TextOf(series);
        var labels = text.Labels;
        var bounds = histogram.Bounds;
        var counts = histogram.BucketCounts;
        var edges = _family.Bounds(bounds);
        var exemplars = _exemplars ? histogram.Exemplars : [];
        ReserveHistogram(counts.Length, labels.Length, edges.TotalLength, exemplars.Length);

        // All bucket lines begin alike: the first is put together, the others copy its beginning, which is still in the nearest cache.
        var buffer = _buffer;
        var start = _position;
        var position = Put(buffer, Put(buffer, start, _family.Value.Open), labels);
        var common = position - start;
        var skip = labels.Length == 0 ? 1 : 0;
        var count = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            count += counts[i];
            if (i >= bounds.Length && i < counts.Length - 1) continue;
            if (i > 0) position = Put(buffer, position, buffer.AsSpan(start, common));
            position = Put(buffer, position, edges.Piece(Math.Min(i, bounds.Length), skip));
            position += NumberText.Write(count, buffer.AsSpan(position));
            if (i < exemplars.Length && exemplars[i] is { } exemplar)
            {
                _position = position;
                Append(exemplar);
                position = _position;
            }

            buffer[position++] = (byte)'\n';
        }

        _position = position;
        AppendSumAndCount(text, histogram.Sum, count);
        return EndSeries();
    }

    /// <summary>An exponential histogram, as buckets whose bounds are powers of two.</summary>
    public override bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram)
    {
        var text = TextOf(series);
        var labels = text.Labels;
        var buckets = new PowerOfTwoBuckets(histogram);
        var exemplars = _exemplars ? histogram.Exemplars : [];
        var lines = buckets.MaxBuckets;
        ReserveHistogram(lines, labels.Length, lines * (_family.PowerOfTwo(1024).Length + NumberText.MaxLength), exemplars.Length == 0 ? 0 : lines);

        var previous = double.NegativeInfinity;
        while (buckets.MoveNext())
        {
            AppendBucket(labels, buckets, previous, exemplars);
            previous = buckets.Bound;
        }

        AppendSumAndCount(text, histogram.Sum, buckets.Total);
        return EndSeries();
    }

    private void AppendBucket(byte[] labels, in PowerOfTwoBuckets bucket, double previous, ReadOnlySpan<MetricExemplar?> exemplars)
    {
        Append(_family.Value.Open);
        Append(labels);
        ReadOnlySpan<byte> edge = _family.PowerOfTwo(bucket.Power);
        Append(labels.Length == 0 ? edge[1..] : edge);
        _position += NumberText.Write(bucket.Count, _buffer.AsSpan(_position));
        foreach (var exemplar in exemplars)
        {
            if (exemplar is null || exemplar.Value <= previous || exemplar.Value > bucket.Bound) continue;
            Append(exemplar);
            break;
        }

        _buffer[_position++] = (byte)'\n';
    }

    private void ReserveHistogram(int buckets, int labels, int edges, int exemplars)
    {
        var line = Math.Max(Math.Max(_family.Value.MaxLength, _family.Sum.MaxLength), _family.Count.MaxLength) + labels + NumberText.MaxLength + 1;
        Reserve(((buckets + 2) * line) + edges + (exemplars * MaxExemplarLength));
    }
}
