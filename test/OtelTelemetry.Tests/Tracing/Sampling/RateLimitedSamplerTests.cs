using System.Diagnostics;
using OpenTelemetry.Trace;
using OtelTelemetry.Tests.Support;
using OtelTelemetry.Tracing.Sampling.RateLimited;

namespace OtelTelemetry.Tests.Tracing.Sampling;

public class RateLimitedSamplerTests
{
    [Test]
    public void Eight_threads_get_exactly_what_the_limit_allows_over_ten_seconds()
    {
        var clock = new FakeClock();
        var limit = new RateLimit(100, burst: 50, clock);
        Assert.That(TakeOnEightThreads(limit), Is.EqualTo(50), "The burst.");

        var admitted = new List<int>();
        for (var millisecond = 0; millisecond < 10_000; millisecond += 5)
        {
            clock.Advance(TimeSpan.FromMilliseconds(5));
            admitted.Add(TakeOnEightThreads(limit));
        }

        Assert.That(admitted.Sum(), Is.InRange(999, 1001));
        // Fair over time: every second has its hundred, however hard it is pressed.
        Assert.That(admitted.Chunk(200).Select(second => second.Sum()), Has.All.InRange(99, 101));
    }

    [Test]
    public void No_stretch_of_time_has_more_than_the_limit_and_the_burst()
    {
        var clock = new FakeClock();
        var limit = new RateLimit(7.3, burst: 5, clock);
        var random = new Random(7);
        var taken = new List<TimeSpan>();
        var now = TimeSpan.Zero;
        for (var i = 0; i < 20_000; i++)
        {
            var step = TimeSpan.FromMilliseconds(random.Next(0, 40) * (random.Next(50) == 0 ? 100 : 1));
            clock.Advance(step);
            now += step;
            if (limit.TryTake()) taken.Add(now);
        }

        Assert.That(taken, Has.Count.GreaterThan(1000));
        for (var first = 0; first < taken.Count; first += 3)
        {
            for (var last = first; last < Math.Min(taken.Count, first + 200); last++)
            {
                Assert.That(last - first + 1, Is.LessThanOrEqualTo((7.3 * (taken[last] - taken[first]).TotalSeconds) + 5 + 1e-6));
            }
        }
    }

    [Test]
    public void Half_of_the_burst_is_kept_for_those_that_matter()
    {
        var limit = new RateLimit(1, burst: 10, new FakeClock());

        var others = Enumerable.Range(0, 20).Count(_ => limit.TryTakeFromUpperHalf());
        var important = Enumerable.Range(0, 20).Count(_ => limit.TryTake());

        Assert.That((others, important), Is.EqualTo((5, 5)));
    }

    [TestCase(0.01, 1)]
    [TestCase(100, 100)]
    [TestCase(1_000_000, 1_000_000)]
    public void The_burst_is_what_one_second_allows(double perSecond, int burst)
    {
        var limit = new RateLimit(perSecond, null, new FakeClock());

        Assert.That(Enumerable.Range(0, burst + 10).Count(_ => limit.TryTake()), Is.EqualTo(burst));
    }

    [Test]
    public void The_system_s_clock_admits_no_more_than_the_burst_at_once([Values(2, 5000)] int burst)
    {
        var started = TimeProvider.System.GetTimestamp();
        var limit = new RateLimit(10, burst, TimeProvider.System);
        var taken = 0;
        for (var i = 0; i < 20_000; i++) taken += limit.TryTake() ? 1 : 0;

        Assert.That(taken, Is.InRange(burst, burst + 1 + (10 * (TimeProvider.System.GetElapsedTime(started).TotalSeconds + 0.1))));
    }

    [Test]
    public void What_the_inner_sampler_leaves_out_costs_nothing_of_the_limit()
    {
        var sampler = new RateLimitedSampler(2, 2, new EveryOther(), new FakeClock());

        var decisions = TraceIds.Random(8).Select(id => sampler.ShouldSample(TraceIds.Root(id)).Decision).ToList();

        var (yes, no) = (SamplingDecision.RecordAndSample, SamplingDecision.Drop);
        Assert.That(decisions, Is.EqualTo(new[] { no, yes, no, yes, no, no, no, no }));
    }

    [Test]
    public void A_decision_allocates_nothing()
    {
        var sampler = new RateLimitedSampler(1000);
        var parameters = TraceIds.Root(ActivityTraceId.CreateRandom());
        sampler.ShouldSample(parameters);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) sampler.ShouldSample(parameters);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Numbers_that_are_no_limit_are_refused()
    {
        Assert.That(() => new RateLimitedSampler(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new RateLimitedSampler(double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new RateLimitedSampler(1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    /// <summary>Eight threads that each ask until they are refused.</summary>
    private static int TakeOnEightThreads(RateLimit limit)
    {
        var taken = 0;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            while (limit.TryTake()) Interlocked.Increment(ref taken);
        });
        return taken;
    }

    private sealed class EveryOther : Sampler
    {
        private int _asked;

        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => new(++_asked % 2 == 0);
    }
}
