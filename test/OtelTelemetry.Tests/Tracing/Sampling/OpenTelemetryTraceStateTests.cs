using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Tracing.Sampling.Consistent;

namespace OtelTelemetry.Tests.Tracing.Sampling;

public class OpenTelemetryTraceStateTests
{
    private const string Letters = "ot=th:rv;,vx@ \tabcdef0123456789F-_*/\u00e4\ud83d\0";

    [TestCase("ot=th:8", 0x80000000000000UL)]
    [TestCase("ot=th:0", 0UL)]
    [TestCase("a=1, ot=rv:00000000000001;th:fd70a4 ,b=2", 0xfd70a400000000UL)]
    [TestCase("ot=th:ffffffffffffff", 0xffffffffffffffUL)]
    [TestCase("ot=p:8;r:62", null)]
    [TestCase("ot=th:", null)]
    [TestCase("ot=th:8g", null)]
    [TestCase("ot=th:F0", null)]
    [TestCase("ot=th:000000000000000", null)]
    [TestCase("tenant@ot=th:8", null)]
    [TestCase("not=th:8", null)]
    [TestCase("", null)]
    public void A_threshold_is_read(string text, ulong? expected) =>
        Assert.That(OpenTelemetryTraceState.Parse(text).Threshold, Is.EqualTo(expected));

    [TestCase("ot=rv:80000000000000", 0x80000000000000UL)]
    [TestCase("ot=rv:8", null)]
    [TestCase("ot=rv:8000000000000G", null)]
    public void A_randomness_is_read(string text, ulong? expected) =>
        Assert.That(OpenTelemetryTraceState.Parse(text).Randomness, Is.EqualTo(expected));

    [TestCase(null, "ot=th:c")]
    [TestCase("a=1,b=2", "ot=th:c,a=1,b=2")]
    [TestCase("a=1,ot=th:8;rv:80000000000000;p:1,b=2", "ot=th:c;rv:80000000000000;p:1,a=1,b=2")]
    [TestCase("a=1 , ot=th:zz,,b=2", "ot=th:c,a=1,b=2")]
    public void A_threshold_is_written_and_everything_else_is_kept(string? text, string expected) =>
        Assert.That(OpenTelemetryTraceState.Parse(text).With(0xc0000000000000), Is.EqualTo(expected));

    [TestCase("ot=th:8", null)]
    [TestCase("a=1,ot=th:8", "a=1")]
    [TestCase("a=1,ot=th:8;rv:80000000000000", "ot=rv:80000000000000,a=1")]
    public void A_threshold_is_taken_out(string text, string? expected) =>
        Assert.That(OpenTelemetryTraceState.Parse(text).With(null), Is.EqualTo(expected));

    [Test]
    public void There_are_never_more_than_32_entries()
    {
        var full = string.Join(',', Enumerable.Range(0, 32).Select(i => $"v{i}={i}"));

        var written = OpenTelemetryTraceState.Parse(full).With(0)!.Split(',');

        Assert.That(written, Has.Length.EqualTo(32));
        Assert.That((written[0], written[31]), Is.EqualTo(("ot=th:0", "v30=30")));
    }

    [Test]
    public void Whatever_the_text_is_nothing_throws_and_what_is_written_can_be_read()
    {
        var text = Gen.Choose(0, 120).SelectMany(length => Gen.Elements(Letters.ToCharArray()).ArrayOf(length)).Select(letters => new string(letters));
        // Half of them begin with something that is nearly right.
        var nearly = Gen.Elements("ot=th:", "ot=rv:0123456789abcd;th:", "a=1,ot=", "ot=th:8,ot=", "");
        var any = nearly.SelectMany(start => text.Select(rest => start + rest)).ToArbitrary();
        var threshold = Gen.Choose(0, 0xffff).Select(high => (ulong)high << 40).ToArbitrary();
        var seen = 0;
        Prop.ForAll(any, threshold, (state, value) =>
        {
            seen++;
            var parsed = OpenTelemetryTraceState.Parse(state);
            var written = parsed.With(value);
            var again = OpenTelemetryTraceState.Parse(written);
            return again.Threshold == value
                && (written!.Length > 250 || again.Randomness == parsed.Randomness)
                && ConsistentSampling.AdjustedCountOf(state) is null or >= 1
                && Others(written).SequenceEqual(Others(state).Take(31))
                && OpenTelemetryTraceState.Parse(parsed.With(null)).Threshold is null;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(50_000));
        Assert.That(seen, Is.GreaterThanOrEqualTo(50_000));
    }

    [Test]
    public void Reading_allocates_nothing()
    {
        const string State = "vendor=value,other@tenant=something, ot=p:1;rv:80000000000000;th:c";
        OpenTelemetryTraceState.Parse(State);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) OpenTelemetryTraceState.Parse(State);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    /// <summary>The entries of others, by another reading of the text than the subject's.</summary>
    private static IEnumerable<string> Others(string? state) =>
        (state ?? "").Split(',').Select(member => member.Trim(' ', '\t')).Where(member => member.Length > 0 && !member.StartsWith("ot=", StringComparison.Ordinal));
}
