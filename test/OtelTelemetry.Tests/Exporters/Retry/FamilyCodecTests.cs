using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Exporters.Retry;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.Retry;

public class FamilyCodecTests
{
    private static readonly double[] s_numbers = [0, -0.0, 1.5, -3, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.Epsilon];

    [Test]
    public void Every_kind_of_metric_comes_back_as_it_was() => Assert.That(Back(SomeFamilies.All).Select(Show), Is.EqualTo(SomeFamilies.All.Select(Show)));

    [Test]
    public void Whatever_the_families_they_come_back_as_they_were() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var families = Enumerable.Range(0, random.Next(5)).Select(_ => Family(random)).ToArray();
            return Back(families).Select(Show).SequenceEqual(families.Select(Show));
        }).QuickCheckThrowOnFailure();

    [Test]
    public void What_is_damaged_is_told_as_such()
    {
        var bytes = FamilyCodec.Encode([Family(new Random(5))]);
        for (var length = 0; length < bytes.Length; length++) Assert.That(() => FamilyCodec.Decode(bytes.AsMemory(0, length)), Throws.InstanceOf<InvalidDataException>());
        bytes[0]++;
        Assert.That(() => FamilyCodec.Decode(bytes), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("another version"));
    }

    private static MetricFamily[] Back(IReadOnlyList<MetricFamily> families) => FamilyCodec.Decode(FamilyCodec.Encode(families));

    private static MetricFamily Family(Random random)
    {
        var kind = (MetricKind)random.Next(Enum.GetValues<MetricKind>().Length);
        var scope = new MetricScope($"scope {random.Next()}", "1") { Attributes = [KeyValuePair.Create("a", "b")] };
        var descriptor = new MetricDescriptor($"name {random.Next()}", kind, "s", SomeFamilies.OddValues[random.Next(SomeFamilies.OddValues.Length)], scope) { Origin = random.Next(2) == 0 ? null : "origin" };
        return new MetricFamily(descriptor, [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Sample(random, kind))]);
    }

    private static MetricSample Sample(Random random, MetricKind kind)
    {
        var labels = Enumerable.Range(0, random.Next(4)).Select(i => KeyValuePair.Create($"label{i}", SomeFamilies.OddValues[random.Next(SomeFamilies.OddValues.Length)])).ToArray();
        var length = random.Next(6);
        return kind switch
        {
            MetricKind.Histogram => new MetricSample(labels, new HistogramSample(Numbers(length), Counts(length + 1), Number(), random.Next(2) == 0 ? null : Enumerable.Range(0, length + 1).Select(_ => Exemplar()))),
            MetricKind.ExponentialHistogram => new MetricSample(labels, new ExponentialHistogramSample(random.Next(-10, 20), random.Next(), random.Next(-500, 500), Counts(length), random.NextInt64(), Number(), Enumerable.Range(0, length).Select(_ => Exemplar()).OfType<MetricExemplar>())),
            MetricKind.Summary => new MetricSample(labels, new SummarySample(Numbers(length), Numbers(length), random.NextInt64(), Number())),
            _ => new MetricSample(labels, Number(), Exemplar()),
        };

        double Number() => s_numbers[random.Next(s_numbers.Length)];
        IEnumerable<double> Numbers(int count) => Enumerable.Range(0, count).Select(_ => Number());
        IEnumerable<long> Counts(int count) => Enumerable.Range(0, count).Select(_ => (long)random.Next());
        MetricExemplar? Exemplar() => random.Next(2) == 0 ? null : new MetricExemplar(Number(), DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(1L << 50)), ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom());
    }

    private static string Show(MetricFamily family) => string.Join('\n', family.Samples.Select(Show).Prepend(
        $"{family.Descriptor}|{family.Descriptor.Unit}|{family.Descriptor.Help}|{family.Descriptor.Origin}|{family.Descriptor.Scope.Name}|{family.Descriptor.Scope.Version}|{string.Join(',', family.Descriptor.Scope.Attributes)}"));

    private static string Show(MetricSample sample) => string.Join('|', new[]
    {
        sample.Labels.ToString(), Bits(sample.Value), string.Join(',', sample.Exemplars),
        sample.Histogram is { } h ? $"{string.Join(',', h.Bounds.Select(Bits))} {string.Join(',', h.BucketCounts)} {Bits(h.Sum)} {string.Join(',', h.Exemplars.Select(one => one?.ToString() ?? "none"))}" : "",
        sample.ExponentialHistogram is { } e ? $"{e.Scale} {e.ZeroCount} {e.PositiveOffset} {string.Join(',', e.PositiveCounts)} {e.Count} {Bits(e.Sum)} {string.Join(',', e.Exemplars)}" : "",
        sample.Summary is { } s ? $"{string.Join(',', s.Quantiles.Select(Bits))} {string.Join(',', s.Values.Select(Bits))} {s.Count} {Bits(s.Sum)}" : "",
    });

    private static string Bits(double number) => BitConverter.DoubleToInt64Bits(number).ToString("x", System.Globalization.CultureInfo.InvariantCulture);
}
