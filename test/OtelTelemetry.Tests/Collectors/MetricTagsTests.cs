using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Collectors;

namespace OtelTelemetry.Tests.Collectors;

public class MetricTagsTests
{
    [Test]
    public void Tags_are_in_the_order_of_their_names_whatever_order_they_are_given_in()
    {
        var tags = MetricTags.Of(("b", "2"), ("a", "1"));
        Assert.That(tags, Is.EqualTo(new[] { KeyValuePair.Create("a", "1"), KeyValuePair.Create("b", "2") }));
        Assert.That(tags, Is.EqualTo(MetricTags.Of(("a", "1"), ("b", "2"))));
        Assert.That(tags.GetHashCode(), Is.EqualTo(MetricTags.Of(("a", "1"), ("b", "2")).GetHashCode()));
        Assert.That(tags.ToString(), Is.EqualTo("{a=\"1\",b=\"2\"}"));
    }

    [Test]
    public void The_same_tags_are_the_same_object_while_they_are_in_use()
    {
        var tags = MetricTags.Of(("endpoint", "/same"));
        Assert.That(MetricTags.Of(("endpoint", new string("/same".AsSpan()))), Is.SameAs(tags));
        Assert.That(MetricTags.From(new Dictionary<string, string> { ["endpoint"] = "/same" }), Is.SameAs(tags));
        Assert.That(MetricTags.Of(), Is.SameAs(MetricTags.Empty));
    }

    [Test]
    public void Of_a_name_that_is_there_twice_the_last_value_stays() =>
        Assert.That(MetricTags.Of(("a", "1"), ("a", "2")), Is.EqualTo(MetricTags.Of(("a", "2"))));

    [Test]
    public void A_null_value_is_the_empty_one()
    {
        Assert.That(MetricTags.Of(("a", null!))["a"], Is.Empty);
        Assert.That(MetricTags.Of((null!, "x"))[""], Is.EqualTo("x"));
    }

    [Test]
    public void Tags_can_be_added_replaced_and_left_out()
    {
        var tags = MetricTags.Of(("a", "1"));
        Assert.That(tags.With("b", "2"), Is.EqualTo(MetricTags.Of(("a", "1"), ("b", "2"))));
        Assert.That(tags.With("a", "3")["a"], Is.EqualTo("3"));
        Assert.That(tags.Without("a"), Is.SameAs(MetricTags.Empty));
        Assert.That(() => tags["none"], Throws.TypeOf<KeyNotFoundException>().With.Message.Contains("a"));
    }

    [Test]
    public void However_many_there_are_memory_is_bounded_and_every_one_is_right()
    {
        for (var i = 0; i < 100_000; i++) Assert.That(MetricTags.Of(("user", $"{i}"))["user"], Is.EqualTo($"{i}"));
    }

    [Test]
    public void Two_are_equal_exactly_when_their_names_and_values_are()
    {
        var tags = ArbMap.Default.ArbFor<Dictionary<byte, byte>>();
        Prop.ForAll(tags, tags, (left, right) =>
        {
            var equal = left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var value) && value == pair.Value);
            return Make(left).Equals(Make(right)) == equal && (!equal || Make(left).GetHashCode() == Make(right).GetHashCode());
        }).QuickCheckThrowOnFailure();

        static MetricTags Make(Dictionary<byte, byte> map) => MetricTags.From(map.Select(pair => KeyValuePair.Create($"{pair.Key}", $"{pair.Value}")));
    }
}
