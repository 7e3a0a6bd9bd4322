using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Exporters.Prometheus;

namespace OtelTelemetry.Tests.Exporters.Prometheus;

/// <summary>A double's text is the shortest that reads back as the very same double.</summary>
[TestFixture]
public sealed class FractionTextTests
{
    // Except for these two, which .NET 10 itself writes one digit too short to read them back, its digits are the measure.
    private static readonly double[] BeyondDotNet = [Math.ScaleB(1, -25), Math.ScaleB(1, -958)];

    private static readonly Gen<double> AnyBits =
        from parts in Gen.ListOf(Gen.Choose(0, 0xFFFF), 4)
        select BitConverter.Int64BitsToDouble(parts.Aggregate(0L, (bits, part) => (bits << 16) | (uint)part));

    [TestCase(0.1, "0.1")]
    [TestCase(-0.1, "-0.1")]
    [TestCase(-0.0, "-0")]
    [TestCase(1.5, "1.5")]
    [TestCase(0.30000000000000004, "0.30000000000000004")]
    [TestCase(0.0001, "0.0001")]
    [TestCase(0.00012345678901234567, "0.00012345678901234567")]
    [TestCase(0.00001, "1E-05")]
    [TestCase(1.5E-07, "1.5E-07")]
    [TestCase(1E+21, "1E+21")]
    [TestCase(9007199254740992, "9007199254740992")]
    [TestCase(4503599627370495.5, "4503599627370495.5")]
    [TestCase(123456789.125, "123456789.125")]
    [TestCase(99999999.9999999, "99999999.9999999")]
    [TestCase(1.0000001, "1.0000001")]
    [TestCase(5E-324, "5E-324")]
    [TestCase(2.2250738585072014E-308, "2.2250738585072014E-308")]
    [TestCase(-1.7976931348623157E+308, "-1.7976931348623157E+308")]
    [TestCase(double.NaN, "NaN")]
    [TestCase(double.PositiveInfinity, "+Inf")]
    [TestCase(double.NegativeInfinity, "-Inf")]
    public void A_number_is_written_as(double value, string text) => Assert.That(TextOf(value), Is.EqualTo(text));

    [Test]
    public void Any_bits_are_read_back() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(AnyBits.ToArbitrary(), value => Problem(value) is null));

    [Test]
    public void Powers_of_two_and_their_neighbours_are_read_back()
    {
        // Halfway cases among them: the interval of a power of two is narrower below it.
        for (var exponent = -1074; exponent <= 1023; exponent++) AssertNeighbours(Math.ScaleB(1, exponent));
    }

    [Test]
    public void Powers_of_ten_and_their_neighbours_are_read_back()
    {
        for (var exponent = -323; exponent <= 308; exponent++) AssertNeighbours(double.Parse($"1E{exponent}", CultureInfo.InvariantCulture));
    }

    [Test]
    public void Subnormal_numbers_are_read_back()
    {
        for (long bits = 1; bits < 2000; bits++) AssertRoundTrip(BitConverter.Int64BitsToDouble(bits));
        for (var shift = 1; shift < 52; shift++) AssertRoundTrip(BitConverter.Int64BitsToDouble((1L << shift) + (1L << (shift / 2))));
    }

    [Test]
    public void Numbers_between_integers_are_read_back()
    {
        // Where doubles are one or a half apart, candidates on both sides can be equally near.
        for (var i = 0; i < 20_000; i++)
        {
            AssertRoundTrip(4503599627370496 - (i * 0.5));
            AssertRoundTrip(9007199254740992 + (i * 2.0));
            AssertRoundTrip(18014398509481984 + (i * 4.0));
            AssertRoundTrip(i * 0.125);
            AssertRoundTrip(i / 1000.0);
        }
    }

    [Test]
    public void A_million_random_numbers_are_read_back()
    {
        var random = new Random(4711);
        Span<byte> text = stackalloc byte[NumberText.MaxLength];
        for (var i = 0; i < 1_000_000; i++)
        {
            var value = (i % 3) switch
            {
                0 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
                1 => random.NextDouble() * 1000,
                _ => Math.Round(random.NextDouble() * 1000, i % 8),
            };
            if (!double.IsFinite(value)) continue;
            var length = NumberText.Write(value, text);
            if (!SameBits(double.Parse(text[..length], CultureInfo.InvariantCulture), value)) Assert.Fail(Encoding.ASCII.GetString(text[..length]));
        }
    }

    private static void AssertNeighbours(double value)
    {
        foreach (var near in (double[])[Math.BitDecrement(Math.BitDecrement(value)), Math.BitDecrement(value), value, Math.BitIncrement(value)])
        {
            AssertRoundTrip(near);
            AssertRoundTrip(-near);
        }
    }

    private static void AssertRoundTrip(double value)
    {
        if (Problem(value) is { } problem) Assert.Fail(problem);
    }

    private static string? Problem(double value)
    {
        if (!double.IsFinite(value)) return null;
        var text = TextOf(value);
        if (!SameBits(double.Parse(text, CultureInfo.InvariantCulture), value)) return $"{text} is not {value:R}";
        if (BeyondDotNet.Contains(Math.Abs(value))) return null;
        var (ours, shortest) = (Digits(text), Digits(value.ToString("R", CultureInfo.InvariantCulture)));
        return ours == shortest ? null : $"{text} has the digits {ours}, not {shortest}";
    }

    private static bool SameBits(double left, double right) => BitConverter.DoubleToInt64Bits(left) == BitConverter.DoubleToInt64Bits(right);

    private static string Digits(string text) => text.Split('E')[0].Replace(".", "", StringComparison.Ordinal).Trim('-').Trim('0');

    private static string TextOf(double value)
    {
        Span<byte> text = stackalloc byte[NumberText.MaxLength];
        return Encoding.ASCII.GetString(text[..NumberText.Write(value, text)]);
    }
}
