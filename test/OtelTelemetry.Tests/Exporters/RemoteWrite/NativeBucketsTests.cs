using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Exporters.RemoteWrite;

namespace OtelTelemetry.Tests.Exporters.RemoteWrite;

public class NativeBucketsTests
{
    [Test]
    public void Neighbours_make_a_span_and_short_gaps_stay_in_it()
    {
        var buckets = new NativeBuckets();
        buckets.Set(scale: 1, offset: 0, [2, 3, 0, 0, 1, 0, 0, 0, 4]);
        Assert.That(buckets.Spans, Is.EqualTo(new[] { (1, 5), (3, 1) }));
        Assert.That(buckets.Deltas.ToArray(), Is.EqualTo(new long[] { 2, 1, -3, 0, 1, 3 }));
        Assert.That((buckets.Schema, buckets.Count), Is.EqualTo((1, 10L)));
    }

    [Test]
    public void No_observations_are_no_spans()
    {
        var buckets = new NativeBuckets();
        buckets.Set(3, 17, [0, 0, 0]);
        Assert.That(buckets.Spans, Is.Empty);
        Assert.That(buckets.Deltas.Length, Is.Zero);
    }

    [Test]
    public void Spans_and_deltas_hold_every_count_at_its_index() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Histograms(), histogram =>
    {
        var (scale, offset, counts) = histogram;
        var buckets = new NativeBuckets();
        buckets.Set(1, 1, [9, 0, 0, 0, 9]); // What was before leaves no trace.
        buckets.Set(Math.Min(scale, 8), offset, counts);
        var expected = counts.Select((count, i) => (Index: offset + i + 1, count)).Where(pair => pair.count != 0).ToDictionary(pair => pair.Index, pair => pair.count);
        Assert.That(Decode(buckets), Is.EquivalentTo(expected));
        Assert.That(buckets.Count, Is.EqualTo(counts.Sum()));
        Assert.That(buckets.Spans.Skip(1).All(span => span.Offset > 2) && buckets.Spans.All(span => span.Length > 0), Is.True);
    }));

    [Test]
    public void A_scale_that_is_too_fine_is_made_coarser_by_halving_again_and_again() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Histograms(), histogram =>
    {
        var (scale, offset, counts) = histogram;
        var buckets = new NativeBuckets();
        buckets.Set(scale, offset, counts);

        // The definition, one step at a time: buckets 2k and 2k+1 of a scale are bucket k of the scale below (OpenTelemetry data model).
        var naive = counts.Select((count, i) => (Index: (long)offset + i, count)).ToList();
        for (var s = scale; s > 8; s--) naive = [.. naive.Select(pair => ((long)Math.Floor(pair.Index / 2.0), pair.count))];
        var expected = naive.GroupBy(pair => pair.Index).Select(group => ((int)group.Key + 1, group.Sum(pair => pair.count))).Where(pair => pair.Item2 != 0).ToDictionary();
        Assert.That(Decode(buckets), Is.EquivalentTo(expected));
        Assert.That(buckets.Schema, Is.EqualTo(Math.Min(scale, 8)));
    }));

    [TestCase(-4, true)]
    [TestCase(-5, false)]
    [TestCase(20, true)]
    public void What_is_coarser_than_Prometheus_can_is_not_shown(int scale, bool can) => Assert.That(NativeBuckets.CanShow(scale), Is.EqualTo(can));

    private static Arbitrary<(int Scale, int Offset, long[] Counts)> Histograms() => (
        from scale in Gen.Choose(-4, 20)
        from offset in Gen.Choose(-3000, 3000)
        from counts in Gen.Frequency((3, Gen.Constant(0L)), (2, Gen.Choose(1, 5).Select(count => (long)count)), (1, Gen.Constant(1L << 40))).ArrayOf()
        select (scale, offset, counts)).ToArbitrary();

    private static IReadOnlyDictionary<int, long> Decode(NativeBuckets buckets)
    {
        var written = new WrittenHistogram([.. buckets.Spans], [.. buckets.Deltas.ToArray()]);
        return written.Buckets();
    }
}
