using System.Diagnostics;
using OpenTelemetry.Trace;
using OtelTelemetry.Tests.Support;
using OtelTelemetry.Tracing.Sampling.Rules;

namespace OtelTelemetry.Tests.Tracing.Sampling;

public class RulesSamplerTests
{
    private static readonly ActivityTraceId s_id = ActivityTraceId.CreateRandom();

    [Test]
    public void The_first_rule_that_matches_decides()
    {
        var sampler = Sampler(
            new TraceSamplingRule { Name = "GET /health", Rate = 0 },
            new TraceSamplingRule { Name = "GET *", Rate = 1 },
            new TraceSamplingRule { Rate = 0 });

        Assert.That(Sampled(sampler, "GET /health"), Is.False);
        Assert.That(Sampled(sampler, "GET /orders"), Is.True);
        Assert.That(Sampled(sampler, "POST /orders"), Is.False);
    }

    [Test]
    public void What_no_rule_matches_is_decided_by_the_last_sampler()
    {
        TraceSamplingRule[] rules = [new() { Name = "other" }];

        Assert.That(Sampled(new RulesSampler(rules), "span"), Is.True);
        Assert.That(Sampled(new RulesSampler(rules, new AlwaysOffSampler()), "span"), Is.False);
        Assert.That(Sampled(new RulesSampler(rules, new AlwaysOffSampler()), "other"), Is.True);
    }

    [Test]
    public void Kind_path_and_attributes_must_all_match()
    {
        var rule = new TraceSamplingRule { Kind = ActivityKind.Server, Path = "/api/*" };
        rule.Attributes["http.request.method"] = "G?T";
        rule.Attributes["tenant.id"] = "42";
        var sampler = new RulesSampler([rule], new AlwaysOffSampler());
        KeyValuePair<string, object?>[] right = [new("url.path", "/API/orders"), new("http.request.method", "GET"), new("tenant.id", 42)];

        Assert.That(Sampled(sampler, "span", ActivityKind.Server, right), Is.True);
        Assert.That(Sampled(sampler, "span", ActivityKind.Client, right), Is.False);
        for (var i = 0; i < right.Length; i++)
        {
            var wrong = right.ToArray();
            wrong[i] = new(wrong[i].Key, "other");
            Assert.That(Sampled(sampler, "span", ActivityKind.Server, wrong), Is.False, wrong[i].Key);
            Assert.That(Sampled(sampler, "span", ActivityKind.Server, [.. right.Where((_, index) => index != i)]), Is.False, wrong[i].Key);
        }

        Assert.That(sampler.ShouldSample(new SamplingParameters(default, s_id, "span", ActivityKind.Server)).Decision, Is.EqualTo(SamplingDecision.Drop), "A span without attributes.");
    }

    [Test]
    public void A_rule_may_be_for_one_service()
    {
        TraceSamplingRule[] rules = [new() { Service = "shop*", Rate = 0 }];

        Assert.That(Sampled(new RulesSampler(rules, serviceName: "Shop.Orders"), "span"), Is.False);
        Assert.That(Sampled(new RulesSampler(rules, serviceName: "bank"), "span"), Is.True);
    }

    [Test]
    public void A_rule_has_a_limit_of_its_own()
    {
        var clock = new FakeClock();
        var sampler = new RulesSampler([new() { Name = "limited", TracesPerSecond = 2, Burst = 3 }], timeProvider: clock);

        Assert.That(Enumerable.Range(0, 10).Count(_ => Sampled(sampler, "limited")), Is.EqualTo(3));
        Assert.That(Enumerable.Range(0, 10).Count(_ => Sampled(sampler, "free")), Is.EqualTo(10));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Enumerable.Range(0, 10).Count(_ => Sampled(sampler, "limited")), Is.EqualTo(2));
    }

    [Test]
    public void A_rule_s_rate_is_kept()
    {
        var sampler = Sampler(new TraceSamplingRule { Rate = 0.2 });

        var sampled = TraceIds.Random(100_000).Count(id => sampler.ShouldSample(TraceIds.Root(id)).Decision == SamplingDecision.RecordAndSample);

        Assert.That(sampled, Is.EqualTo(20_000).Within(TraceIds.Expect(100_000, 0.2).Margin));
    }

    private static RulesSampler Sampler(params TraceSamplingRule[] rules) => new(rules);

    private static bool Sampled(Sampler sampler, string name, ActivityKind kind = ActivityKind.Internal, params KeyValuePair<string, object?>[] tags) =>
        sampler.ShouldSample(TraceIds.Root(s_id, name, kind, tags)).Decision == SamplingDecision.RecordAndSample;
}
