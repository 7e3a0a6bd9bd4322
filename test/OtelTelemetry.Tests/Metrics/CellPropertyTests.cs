using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Metrics.Cells;
using OtelTelemetry.Metrics.Labels;

namespace OtelTelemetry.Tests.Metrics;

public class CellPropertyTests
{
    [Test]
    public void The_vectorised_search_finds_the_bucket_of_the_plain_one() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<NormalFloat[]>(), ArbMap.Default.ArbFor<NormalFloat>(),
            (bounds, value) =>
            {
                var sorted = bounds.Select(bound => bound.Get).Distinct().Order().ToArray();
                var search = new BucketBounds(sorted);
                return Same(search, sorted, value.Get) && sorted.All(bound => Same(search, sorted, bound) && Same(search, sorted, Math.BitIncrement(bound)));
            }).QuickCheckThrowOnFailure();

    [Test]
    public void Labels_are_the_same_when_strings_are() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<NonNull<string>>(), ArbMap.Default.ArbFor<NonNull<string>>(),
            (left, right) => LabelText.Same(left.Get, right.Get) == string.Equals(left.Get, right.Get, StringComparison.Ordinal)
                && LabelText.Same(left.Get, new string(left.Get.AsSpan()))).QuickCheckThrowOnFailure();

    [Test]
    public void A_difference_anywhere_is_seen()
    {
        for (var length = 1; length <= 70; length++)
        {
            var text = new string('a', length);
            for (var i = 0; i < length; i++)
            {
                var other = text.Remove(i, 1).Insert(i, "b");
                Assert.That(LabelText.Same(text, other), Is.False, $"length {length}, position {i}");
                Assert.That(LabelText.Same(text, new string('a', length)), Is.True);
            }
        }
    }

    [Test]
    public void The_hash_depends_on_the_strings_alone() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>[]>().Filter(values => values.Length > 0), values =>
        {
            string[] one = [.. values.Select(value => value.Get)];
            string[] two = [.. values.Select(value => new string(value.Get.AsSpan()))];
            return LabelHash.Fast(one) == LabelHash.Fast(two) && LabelHash.Seeded(one) == LabelHash.Seeded(two);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void A_sketch_put_together_from_parts_answers_as_the_whole() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NormalFloat[]>(), ArbMap.Default.ArbFor<NormalFloat[]>(), (left, right) =>
        {
            var whole = new QuantileSketch();
            var part = new QuantileSketch();
            var merged = new QuantileSketch();
            foreach (var value in left.Concat(right)) whole.Add(value.Get);
            foreach (var value in left) part.Add(value.Get);
            foreach (var value in right) merged.Add(value.Get);
            merged.Add(part);
            return whole.Count == merged.Count && new[] { 0, 0.3, 0.5, 0.9, 1 }.All(q => whole.Quantile(q).Equals(merged.Quantile(q)));
        }).QuickCheckThrowOnFailure();

    [Test]
    public void A_sketch_is_bounded_and_keeps_its_upper_end()
    {
        var sketch = new QuantileSketch();
        for (var exponent = -300; exponent <= 300; exponent++) sketch.Add(Math.Pow(10, exponent));
        Assert.That(sketch.Quantile(0.99), Is.EqualTo(1e294).Within(2).Percent);
        Assert.That(sketch.Quantile(0), Is.EqualTo(1e-300));
    }

    private static bool Same(BucketBounds search, double[] sorted, double value) => search.IndexOf(value) == sorted.Count(bound => bound < value);
}
