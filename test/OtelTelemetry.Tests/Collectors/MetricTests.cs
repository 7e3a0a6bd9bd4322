using OtelTelemetry.Collectors;

namespace OtelTelemetry.Tests.Collectors;

public class MetricTests
{
    [Test]
    public void It_carries_name_value_time_tags_and_metadata()
    {
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var metadata = new Dictionary<string, object?> { ["version"] = "1.0.0" };
        var metric = new Metric("response_time", 0.123, MetricTags.Of(("service", "auth")), metadata, time);
        Assert.That((metric.Name, metric.Value, metric.Tags["service"], metric.Timestamp), Is.EqualTo(("response_time", 0.123, "auth", time)));
        Assert.That(metric.Metadata, Is.SameAs(metadata));
        Assert.That((metric.Weight, metric.Represents, metric.SampleRate, metric.IsSampled, metric.ScaledValue), Is.EqualTo((1.0, 1L, 1.0, false, 0.123)));
    }

    [Test]
    public void Without_tags_and_metadata_it_has_none()
    {
        var metric = new Metric("n", 1);
        Assert.That(metric.Tags, Is.SameAs(MetricTags.Empty));
        Assert.That(metric.Metadata, Is.Null);
        Assert.That(default(Metric).Tags, Is.Empty);
        Assert.That(default(Metric).Weight, Is.EqualTo(1));
    }

    [Test]
    public void Equal_measurements_are_equal()
    {
        var tags = MetricTags.Of(("a", "1"));
        var metric = new Metric("n", 1, tags);
        Assert.That(new Metric("n", 1, MetricTags.Of(("a", "1"))), Is.EqualTo(metric));
        Assert.That(metric with { Value = 2 }, Is.Not.EqualTo(metric));
    }
}
