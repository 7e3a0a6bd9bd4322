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

    /// <summary>An exponential histogram, as buckets with stable bounds: powers of two. From scale 0 on they are found exactly by adding
    /// buckets up, since every power of two is a bound; below, the scale's own bounds are (coarser) powers of two.
    /// Zeros are below every bound, and so is what is neither zero nor in a positive bucket.</summary>
    public override bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram)
    {
        var text = TextOf(series);
        var labels = text.Labels;
        var counts = histogram.PositiveCounts;
        var first = 0;
        var last = counts.Length - 1;
        while (first <= last && counts[first] == 0) first++;
        while (last >= first && counts[last] == 0) last--;

        var positive = 0L;
        for (var i = first; i <= last; i++) positive += counts[i];
        var total = Math.Max(histogram.Count, positive + histogram.ZeroCount);
        var cumulated = total - positive;

        var scale = histogram.Scale;
        var exemplars = _exemplars ? histogram.Exemplars : [];
        var step = scale >= 0 ? 1 : 1 << -scale;
        var power = first > last ? 0 : LowerPower(histogram.PositiveOffset + first, scale);
        var end = first > last ? 0 : Math.Min(UpperPower(histogram.PositiveOffset + last, scale), 1024);
        // Doubles end at 2^-1074: all bounds below that are 0, of which the last one is written.
        while (power + step < FamilyText.LowestPower + 1 && power < end) power += step;
        var lines = (Math.Max(0, end - power) / step) + 3;
        ReserveHistogram(lines, labels.Length, lines * (_family.PowerOfTwo(1024).Length + NumberText.MaxLength), exemplars.Length == 0 ? 0 : lines);

        var previous = double.NegativeInfinity;
        var next = first;
        // From 2^1024 on a bound is +Inf, whose line follows.
        for (; first <= last && power <= end && power < 1024; power += step)
        {
            while (next <= last && UpperPower(histogram.PositiveOffset + next, scale) <= power) cumulated += counts[next++];
            previous = AppendPower(labels, power, cumulated, previous, exemplars);
        }

        AppendPower(labels, 1024, total, previous, exemplars);
        AppendSumAndCount(text, histogram.Sum, total);
        return EndSeries();
    }

    private double AppendPower(byte[] labels, int power, long count, double previous, ReadOnlySpan<MetricExemplar?> exemplars)
    {
        var bound = power >= 1024 ? double.PositiveInfinity : Math.ScaleB(1, power);
        Append(_family.Value.Open);
        Append(labels);
        ReadOnlySpan<byte> edge = _family.PowerOfTwo(power);
        Append(labels.Length == 0 ? edge[1..] : edge);
        _position += NumberText.Write(count, _buffer.AsSpan(_position));
        foreach (var exemplar in exemplars)
        {
            if (exemplar is null || exemplar.Value <= previous || exemplar.Value > bound) continue;
            Append(exemplar);
            break;
        }

        _buffer[_position++] = (byte)'\n';
        return bound;
    }

    /// <summary>The smallest power p on the steps of the scale with bucket <paramref name="index"/>'s upper bound ≤ 2^p.</summary>
    private static int UpperPower(int index, int scale) => LowerPower(index, scale) + (scale >= 0 ? 1 : 1 << -scale);

    /// <summary>The largest power p on the steps of the scale with bucket <paramref name="index"/>'s lower bound ≥ 2^p.</summary>
    private static int LowerPower(int index, int scale) => scale >= 0 ? index >> scale : index << -scale;

    private void ReserveHistogram(int buckets, int labels, int edges, int exemplars)
    {
        var line = Math.Max(Math.Max(_family.Value.MaxLength, _family.Sum.MaxLength), _family.Count.MaxLength) + labels + NumberText.MaxLength + 1;
        Reserve(((buckets + 2) * line) + edges + (exemplars * MaxExemplarLength));
    }
}
