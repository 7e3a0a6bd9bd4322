using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using OpenTelemetry.Trace;
using OtelTelemetry.Tracing.Sampling.Consistent;

namespace OtelTelemetry.Tests.Tracing.Sampling;

public class ConsistentProbabilitySamplerTests
{
    private const int Million = 1_000_000;

    [TestCase(0.001)]
    [TestCase(0.1)]
    [TestCase(0.5)]
    [TestCase(0.99)]
    public void Of_a_million_traces_the_rate_is_sampled(double rate)
    {
        var ours = new ConsistentProbabilitySampler(rate);
        var official = new TraceIdRatioBasedSampler(rate);
        var (sampled, bySdk) = (0, 0);
        foreach (var id in TraceIds.Random(Million))
        {
            if (IsSampled(ours, TraceIds.Root(id))) sampled++;
            if (IsSampled(official, TraceIds.Root(id))) bySdk++;
        }

        var (expected, margin) = TraceIds.Expect(Million, rate);
        Assert.That(sampled, Is.EqualTo(expected).Within(margin));
        Assert.That(bySdk, Is.EqualTo(expected).Within(margin), "The sampler of a rate that is not consistent.");
    }

    [Test]
    public void A_higher_rate_keeps_all_that_a_lower_one_keeps()
    {
        var rate = Gen.Choose(0, Million).Select(part => part / (double)Million).ToArbitrary();
        Prop.ForAll(rate, rate, (left, right) =>
        {
            var low = new ConsistentProbabilitySampler(Math.Min(left, right));
            var high = new ConsistentProbabilitySampler(Math.Max(left, right));
            return TraceIds.Random(300, seed: (int)(left * Million)).All(id => !IsSampled(low, TraceIds.Root(id)) || IsSampled(high, TraceIds.Root(id)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [TestCase(0.01)]
    [TestCase(0.25)]
    public void Counts_are_extrapolated_from_what_was_kept(double rate)
    {
        var sampler = new ConsistentProbabilitySampler(rate);
        var extrapolated = 0.0;
        foreach (var id in TraceIds.Random(Million, seed: 3))
        {
            var result = sampler.ShouldSample(TraceIds.Root(id));
            if (result.Decision == SamplingDecision.RecordAndSample) extrapolated += ConsistentSampling.AdjustedCountOf(result.TraceStateString)!.Value;
        }

        Assert.That(extrapolated, Is.EqualTo(Million).Within(TraceIds.Expect(Million, rate).Margin / rate));
    }

    [Test]
    public void Services_with_rates_of_their_own_count_the_same_population()
    {
        // The first keeps half and calls the second, which keeps a tenth whatever the first decided.
        var first = new ConsistentProbabilitySampler(0.5);
        var second = new ConsistentProbabilitySampler(0.1);
        var (byFirst, bySecond) = (0.0, 0.0);
        foreach (var id in TraceIds.Random(200_000))
        {
            var upstream = first.ShouldSample(TraceIds.Root(id));
            var sampled = upstream.Decision == SamplingDecision.RecordAndSample;
            var downstream = second.ShouldSample(TraceIds.Child(id, upstream.TraceStateString, sampled));
            if (sampled) byFirst += ConsistentSampling.AdjustedCountOf(upstream.TraceStateString)!.Value;
            if (downstream.Decision != SamplingDecision.RecordAndSample) continue;
            Assert.That(sampled, Is.True, "What the lower rate keeps is whole.");
            bySecond += ConsistentSampling.AdjustedCountOf(downstream.TraceStateString)!.Value;
        }

        Assert.That(byFirst, Is.EqualTo(200_000).Within(TraceIds.Expect(200_000, 0.5).Margin / 0.5));
        Assert.That(bySecond, Is.EqualTo(200_000).Within(TraceIds.Expect(200_000, 0.1).Margin / 0.1));
    }

    [TestCase(1, "ot=th:0")]
    [TestCase(0.5, "ot=th:8")]
    [TestCase(0.25, "ot=th:c")]
    [TestCase(0.1, "ot=th:e666")]
    [TestCase(0.01, "ot=th:fd70a")]
    public void The_threshold_is_written_as_specified(double rate, string expected)
    {
        var id = ActivityTraceId.CreateFromString("0000000000000000ffffffffffffffff");

        Assert.That(new ConsistentProbabilitySampler(rate).ShouldSample(TraceIds.Root(id)).TraceStateString, Is.EqualTo(expected));
    }

    [Test]
    public void The_trace_id_s_last_seven_bytes_decide()
    {
        var half = new ConsistentProbabilitySampler(0.5);

        Assert.That(IsSampled(half, Root("ffffffffffffffffff80000000000000")), Is.True);
        Assert.That(IsSampled(half, Root("ffffffffffffffffff7fffffffffffff")), Is.False);
        Assert.That(IsSampled(half, Root("00000000000000000080000000000000")), Is.True);
    }

    [Test]
    public void An_explicit_randomness_wins_over_the_trace_id_and_is_kept()
    {
        var id = ActivityTraceId.CreateFromString("ffffffffffffffffff00000000000000");
        var result = new ConsistentProbabilitySampler(0.25).ShouldSample(TraceIds.Child(id, "v=1,ot=rv:c0000000000000"));

        Assert.That((result.Decision, result.TraceStateString), Is.EqualTo((SamplingDecision.RecordAndSample, "ot=th:c;rv:c0000000000000,v=1")));
        Assert.That(ConsistentSampling.RandomnessOf(id, result.TraceStateString), Is.EqualTo(0.75));
    }

    [Test]
    public void What_is_not_sampled_tells_no_threshold()
    {
        var id = ActivityTraceId.CreateFromString("ffffffffffffffffff00000000000000");

        Assert.That(new ConsistentProbabilitySampler(0.5).ShouldSample(TraceIds.Child(id, "ot=th:0,v=1")).TraceStateString, Is.EqualTo("v=1"));
        Assert.That(new ConsistentProbabilitySampler(0.5).ShouldSample(TraceIds.Child(id, "v=1")).TraceStateString, Is.Null, "Inherited as it is.");
    }

    [Test]
    public void A_decision_allocates_nothing_while_nothing_has_to_be_rewritten()
    {
        var sampler = new ConsistentProbabilitySampler(0.5);
        var id = ActivityTraceId.CreateFromString("ffffffffffffffffffffffffffffffff");
        SamplingParameters[] asked = [TraceIds.Root(id), TraceIds.Child(id, "ot=th:8,v=1"), Root("ffffffffffffffffff00000000000000")];
        foreach (var parameters in asked) sampler.ShouldSample(parameters);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 3000; i++) sampler.ShouldSample(asked[i % 3]);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static SamplingParameters Root(string id) => TraceIds.Root(ActivityTraceId.CreateFromString(id));

    private static bool IsSampled(Sampler sampler, in SamplingParameters parameters) => sampler.ShouldSample(parameters).Decision == SamplingDecision.RecordAndSample;
}
