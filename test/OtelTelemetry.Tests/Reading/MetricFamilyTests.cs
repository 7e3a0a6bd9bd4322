using System.Diagnostics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Tests.Reading;

[TestFixture]
public sealed class MetricFamilyTests
{
    private static readonly MetricScope Scope = new("tests");
    private static readonly KeyValuePair<string, string>[] Labels = [new("z", "1"), new("a", "2"), new("m", "3")];

    [Test]
    public void Labels_keep_their_order_and_are_found_by_name()
    {
        var sample = new MetricSample(Labels, 1);

        Assert.That(sample.Labels, Is.EqualTo(Labels));
        Assert.That(sample.Labels.Keys, Is.EqualTo(new[] { "z", "a", "m" }));
        Assert.That(sample.Labels["a"], Is.EqualTo("2"));
        Assert.That(sample.Labels.ContainsKey("b"), Is.False);
        Assert.That(() => sample.Labels["b"], Throws.TypeOf<KeyNotFoundException>().With.Message.Contains("z, a, m"));
    }

    [Test]
    public void A_family_survives_being_read_and_copied([Values] MetricKind kind)
    {
        var exemplar = new MetricExemplar(1.5, DateTimeOffset.UnixEpoch, ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom());
        var family = new MetricFamily(new MetricDescriptor("name", kind, "s", "help", Scope), [Sample(kind, exemplar), Sample(kind, null), Sample(kind, exemplar)]);

        var copy = MetricFamilyMaterializer.Materialize(new MaterializedFamilyReader(family));

        Assert.That(copy.Descriptor, Is.SameAs(family.Descriptor));
        Assert.That(copy.Samples.Select(Describe), Is.EqualTo(family.Samples.Select(Describe)));
    }

    [Test]
    public void Reading_goes_on_where_the_visitor_paused()
    {
        var family = new MetricFamily(new MetricDescriptor("name", MetricKind.Gauge, "", "", Scope), [.. Enumerable.Range(0, 5).Select(i => new MetricSample(Labels, i))]);
        var reader = new MaterializedFamilyReader(family);
        var visitor = new PausingVisitor(2);

        var positions = new List<int>();
        for (var position = 0; position != MetricFamilyReader.Done; positions.Add(position)) position = reader.Read(position, visitor);

        Assert.That(visitor.Values, Is.EqualTo(new[] { 0.0, 1, 2, 3, 4 }));
        Assert.That(positions, Is.EqualTo(new[] { 2, 4, MetricFamilyReader.Done }));
    }

    [Test]
    public void A_histogram_family_refuses_a_sample_without_buckets() =>
        Assert.That(
            () => new MetricFamily(new MetricDescriptor("name", MetricKind.Histogram, "", "", Scope), [new MetricSample(Labels, 1)]),
            Throws.ArgumentException.With.Message.Contains("Sample 0 of metric 'name'"));

    [Test]
    public void A_histogram_value_refuses_a_wrong_number_of_buckets() =>
        Assert.That(() => new HistogramSample([1, 2], [1, 2], 3), Throws.ArgumentException.With.Message.Contains("2 bounds need 3 bucket counts"));

    [Test]
    public void A_failing_source_harms_no_other()
    {
        var model = new MetricReadModel(new ThrowingSource(), new OneFamilySource());

        using var collection = model.Collect();

        Assert.That(collection.Families, Has.Count.EqualTo(1));
        Assert.That(model.Failures, Is.EqualTo(1));
    }

    [Test]
    public void Disposing_a_collection_twice_does_not_disturb_the_next_one()
    {
        var model = new MetricReadModel(new OneFamilySource());
        var first = model.Collect();
        first.Dispose();
        using var second = model.Collect();

        first.Dispose();

        Assert.That(first.Families, Is.Empty);
        Assert.That(second.Families, Has.Count.EqualTo(1));
    }

    private static MetricSample Sample(MetricKind kind, MetricExemplar? exemplar) => kind switch
    {
        MetricKind.Histogram => new MetricSample(Labels, new HistogramSample([1, 2], [3, 4, 5], 6.5, exemplar is null ? null : [null, exemplar, null])),
        MetricKind.ExponentialHistogram => new MetricSample(Labels, new ExponentialHistogramSample(2, 1, -3, [1, 0, 2], 4, 5.5, exemplar is null ? null : [exemplar])),
        MetricKind.Summary => new MetricSample(Labels, new SummarySample([0.5, 0.9], [1, double.NaN], 7, 8.5)),
        _ => new MetricSample(Labels, 1.25, exemplar),
    };

    private static string Describe(MetricSample sample) => string.Join('|',
        sample.Labels, sample.Value, string.Join(',', sample.Exemplars),
        sample.Histogram is { } h ? $"{string.Join(',', h.Bounds)} {string.Join(',', h.BucketCounts)} {h.Sum} {h.Count} {string.Join(',', h.Exemplars)}" : "",
        sample.ExponentialHistogram is { } e ? $"{e.Scale} {e.ZeroCount} {e.PositiveOffset} {string.Join(',', e.PositiveCounts)} {e.Count} {e.Sum} {string.Join(',', e.Exemplars)}" : "",
        sample.Summary is { } s ? $"{string.Join(',', s.Quantiles)} {string.Join(',', s.Values)} {s.Count} {s.Sum}" : "");

    private sealed class PausingVisitor(int every) : MetricVisitor
    {
        public List<double> Values { get; } = [];

        public override bool VisitNumber(Series series, double value, MetricExemplar? exemplar)
        {
            Values.Add(value);
            return Values.Count % every != 0;
        }

        public override bool VisitHistogram(Series series, in HistogramView histogram) => throw new NotSupportedException();

        public override bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram) => throw new NotSupportedException();

        public override bool VisitSummary(Series series, in SummaryView summary) => throw new NotSupportedException();
    }

    private sealed class ThrowingSource : IMetricSource
    {
        public void Collect(MetricCollection collection) => throw new InvalidOperationException("broken");
    }

    private sealed class OneFamilySource : IMetricSource
    {
        public void Collect(MetricCollection collection) => collection.Add(new MaterializedFamilyReader(
            new MetricFamily(new MetricDescriptor("name", MetricKind.Gauge, "", "", Scope), [])));
    }
}
