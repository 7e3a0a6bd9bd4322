using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.Prometheus;

/// <summary>Whatever names, values and numbers come, a strict parser reads the output and finds them again.</summary>
[TestFixture]
public sealed class PrometheusOutputPropertyTests
{
    private static readonly Gen<string> HostileText = Gen.OneOf(
        Gen.Elements("", "\\", "\"", "\n", "\\n", "\"} 1\n# EOF\n", "a\r\nb", "\0", "\uD800", "\uDC00x", "ü", "日本", "😀", "{}", " ", "=", ",", "__name__", "le", "quantile", "a.b", "a_b", "1", "#", "\u2028"),
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
        Gen.Elements("route", "method", "status", "x"));

    private static readonly Gen<double> AnyNumber = Gen.OneOf(
        ArbMap.Default.GeneratorFor<double>(),
        Gen.Elements(0, -0.0, 1, 0.1, 1e308, double.Epsilon, 9007199254740993.0, 9007199254740991.0, -9007199254740992.0, 1e15, 123456789.125, double.NaN, double.PositiveInfinity, double.NegativeInfinity),
        Gen.Choose(-1000, 1000).Select(value => (double)value));

    // Series of one family have the same label names, as those of a real instrument nearly always do; the last label tells them apart.
    private static readonly Gen<MetricFamily> AnyFamily =
        from kind in Gen.Elements(Enum.GetValues<MetricKind>())
        from name in HostileText
        from unit in Gen.Elements("", "s", "By", "1", "{x}", "By/s", "ü\n")
        from help in HostileText
        from scope in Gen.Elements("one", "two", "")
        from names in Gen.ListOf(HostileText, 3)
        from count in Gen.Choose(0, 4)
        from samples in Gen.ListOf(Sample(kind, [.. names.Distinct()]), count)
        select new MetricFamily(
            new MetricDescriptor(name.Length == 0 ? "empty" : name, kind, unit, help, new MetricScope(scope)),
            [.. samples.Select((make, index) => make(index))]);

    private static Gen<Func<int, MetricSample>> Sample(MetricKind kind, string[] names) =>
        from values in Gen.ListOf(HostileText, names.Length)
        from number in AnyNumber
        from counts in Gen.ListOf(Gen.Choose(0, 5).Select(value => (long)value), 4)
        from offset in Gen.Choose(-60, 60)
        from scale in Gen.Choose(-11, 20)
        select (Func<int, MetricSample>)(index =>
        {
            var labels = names.Zip(values, KeyValuePair.Create).Append(KeyValuePair.Create("series.index", index.ToString(null, null))).ToArray();
            return kind switch
            {
                MetricKind.Histogram => new MetricSample(labels, new HistogramSample([-1, 0.25, 3], counts, number, [Some.Exemplar, null, Some.Exemplar, null])),
                MetricKind.ExponentialHistogram => new MetricSample(labels, new ExponentialHistogramSample(scale, counts[0], offset, counts, counts.Sum() + counts[0], number, [Some.Exemplar])),
                MetricKind.Summary => new MetricSample(labels, new SummarySample([0.5, 0.9], [number, -number], counts[0], number)),
                _ => new MetricSample(labels, number, Some.Exemplar),
            };
        });

    [Test]
    public void Every_format_is_read_back_by_a_strict_parser([Values] PrometheusDialect dialect, [Values] PrometheusEscaping escaping, [Values] bool scopeLabels)
    {
        var parsedFamilies = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(Gen.ListOf(AnyFamily, 4).ToArbitrary(), families =>
        {
            var format = new PrometheusFormat(dialect, escaping);
            var exporter = new PrometheusExporter(new PrometheusExporterOptions { ScopeLabels = scopeLabels });
            var given = Unmergeable(families);
            exporter.Export(given);
            var parsed = ExpositionParser.Parse(Body(exporter, format), format.IsOpenMetrics);
            parsedFamilies += parsed.Count;

            // A series has one line that is its number or its count.
            var series = parsed.Sum(family => family.Samples.Count(sample => sample.Name == family.Name + "_count" || family.Type is "gauge" or "counter"));
            var expected = given.Sum(family => family.Samples.Count);
            return exporter.Handler.LeftOutFamilies == 0 ? series == expected : series <= expected;
        }));
        Assert.That(parsedFamilies, Is.GreaterThan(40));
    }

    [Test]
    public void Label_values_and_numbers_come_back_as_they_were() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(HostileText.ToArbitrary(), AnyNumber.ToArbitrary(), (text, number) =>
        {
            var exporter = new PrometheusExporter();
            exporter.Export([Some.Number(MetricKind.Gauge, "g", number, "value", text)]);

            var sample = ExpositionParser.Parse(Body(exporter, Some.Text), openMetrics: false).Single().Samples.Single();

            return sample.Number.Equals(number == 0 ? 0 : number) && (sample.Label("value") == text || HasNoUtf8(text));
        }));

    [Test]
    public void Values_that_have_no_utf8_stay_different()
    {
        var family = Some.Family(MetricKind.Gauge, "g", "", "",
            new MetricSample(Some.Labels("v", "\uD800"), 1), new MetricSample(Some.Labels("v", "\uD801"), 2), new MetricSample(Some.Labels("v", "\uDC00\uD800"), 3));
        var exporter = new PrometheusExporter();
        exporter.Export([family]);

        Assert.That(ExpositionParser.Parse(Body(exporter, Some.Text), openMetrics: false).Single().Samples, Has.Count.EqualTo(3));
    }

    [Test]
    public void An_exponential_histogram_counts_at_every_power_of_two_what_is_below_it() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Gen.ListOf(Gen.Choose(-300, 300).Select(value => value / 10.0), 20).ToArbitrary(), Gen.Choose(-11, 8).ToArbitrary(), (exponents, scale) =>
        {
            var values = exponents.Select(exponent => Math.Pow(2, exponent)).ToArray();
            // The bucket of a value, straight from the data model: the largest index whose lower bound is below it.
            var indices = values.Select(value => (int)Math.Ceiling(Math.Log2(value) * Math.ScaleB(1, scale)) - 1).ToArray();
            var offset = indices.Min();
            var counts = Enumerable.Range(offset, indices.Max() - offset + 1).Select(index => (long)indices.Count(other => other == index));
            var exporter = new PrometheusExporter();
            exporter.Export([Some.Family(MetricKind.ExponentialHistogram, "h", "", "", new MetricSample([], new ExponentialHistogramSample(scale, 3, offset, counts, values.Length + 3, 1)))]);

            var buckets = ExpositionParser.Parse(Body(exporter, Some.Text), openMetrics: false).Single().Samples.Where(sample => sample.Name == "h_bucket");

            return buckets.All(bucket =>
            {
                var bound = (bucket with { Value = bucket.Label("le")! }).Number;
                return bucket.Number == values.Count(value => value <= bound * (1 + 1e-9)) + 3;
            });
        }));

    private static bool HasNoUtf8(string text) => text.Contains('\0', StringComparison.Ordinal) || text.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar);

    // Constant labels tell apart the parts of one metric; these families have none, so the same name of the same meter may come only once.
    private static MetricFamily[] Unmergeable(IEnumerable<MetricFamily> families) =>
        [.. families.DistinctBy(family => (family.Descriptor.Name, family.Descriptor.Scope.Name))];

    private static byte[] Body(PrometheusExporter exporter, PrometheusFormat format)
    {
        using var output = new MemoryStream();
        exporter.Handler.WriteAsync(output, format).GetAwaiter().GetResult();
        return output.ToArray();
    }
}
