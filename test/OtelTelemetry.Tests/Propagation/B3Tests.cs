using System.Diagnostics;

namespace OtelTelemetry.Tests.Propagation;

/// <summary>B3 (https://github.com/openzipkin/b3-propagation), what is not in <see cref="CompositeContextPropagatorTests"/>.</summary>
public class B3Tests
{
    private const string TraceId = "463ac35c9f6413ad48485a3953bb6124";
    private const string SpanId = "a2fb4a1d1a96d312";
    private const string Sampled = $"00-{TraceId}-{SpanId}-01";

    [TestCase("0")]
    [TestCase("1")]
    [TestCase("d")]
    public void A_decision_without_ids_names_no_parent(string decision)
    {
        Assert.That(new Carrier { ("b3", decision) }.Read("b3"), Is.EqualTo(((string?)null, (string?)null)));
        Assert.That(new Carrier { ("X-B3-Sampled", decision) }.Read("b3multi"), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public void Ids_of_64_bits_are_padded()
    {
        var expected = $"00-000000000000000048485a3953bb6124-{SpanId}-01";

        Assert.That(new Carrier { ("b3", $"48485a3953bb6124-{SpanId}-1") }.Read("b3").Parent, Is.EqualTo(expected));
        Assert.That(new Carrier { ("X-B3-TraceId", "48485A3953BB6124"), ("X-B3-SpanId", SpanId), ("X-B3-Sampled", "1") }.Read("b3multi").Parent, Is.EqualTo(expected));
    }

    [TestCase($"{TraceId}-{SpanId}-1-05e3ac9a4f6e3b9x")]
    [TestCase($"{TraceId}-{SpanId}-1-05e3ac9a4f6e3b9")]
    [TestCase($"{TraceId}-{SpanId}-1-")]
    [TestCase($"{TraceId}-{SpanId}-")]
    [TestCase($"{TraceId}-{SpanId}--05e3ac9a4f6e3b90")]
    [TestCase($"{TraceId}-")]
    [TestCase("-")]
    [TestCase($"{TraceId}00-{SpanId}-1")]
    [TestCase($" {TraceId} - {SpanId} - 1")]
    public void A_malformed_header_names_no_parent(string header) => Assert.That(new Carrier { ("b3", header) }.Read("b3").Parent, Is.Null);

    [Test]
    public void White_space_around_does_not_count()
    {
        Assert.That(new Carrier { ("b3", $" {TraceId}-{SpanId}-1\t") }.Read("b3").Parent, Is.EqualTo(Sampled));
        Assert.That(new Carrier { ("X-B3-TraceId", TraceId + " "), ("X-B3-SpanId", SpanId), ("X-B3-Sampled", " 1") }.Read("b3multi").Parent, Is.EqualTo(Sampled));
    }

    [Test]
    public void Several_headers_of_a_name_leave_open_which_is_meant()
    {
        Assert.That(new Carrier { ("b3", $"{TraceId}-{SpanId}-1"), ("b3", $"{TraceId}-{SpanId}-0") }.Read("b3").Parent, Is.Null);
        Assert.That(new Carrier { ("X-B3-TraceId", TraceId), ("X-B3-TraceId", TraceId), ("X-B3-SpanId", SpanId) }.Read("b3multi").Parent, Is.Null);
    }

    [Test]
    public void A_debug_flag_goes_on_to_those_called_in_both_forms([Values("b3", "b3multi")] string format)
    {
        var carrier = format == "b3"
            ? new Carrier { ("b3", $"{TraceId}-{SpanId}-d") }
            : new Carrier { ("X-B3-TraceId", TraceId), ("X-B3-SpanId", SpanId), ("X-B3-Flags", "1") };
        var (parent, state) = carrier.Read(format);
        Assert.That(parent, Is.EqualTo(Sampled));
        using var span = new Activity("server").SetParentId(parent!);
        span.TraceStateString = state;
        span.Start();
        using var child = new Activity("client").Start();

        Assert.That(Carrier.Of(child, "b3")["b3"], Is.EqualTo($"{TraceId}-{child.SpanId}-d"));
        var several = Carrier.Of(child, "b3multi");
        Assert.That((several["X-B3-Flags"], several["X-B3-Sampled"]), Is.EqualTo(("1", (string?)null)));
    }

    [Test]
    public void Any_combination_and_order_reads_what_any_other_wrote(
        [Values("b3", "b3multi", "tracecontext")] string written, [Values("b3,tracecontext,b3multi", "tracecontext,b3multi,b3", "b3multi,b3,tracecontext,baggage")] string read)
    {
        using var span = new Activity("test") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.SetIdFormat(ActivityIdFormat.W3C).Start();

        Assert.That(Carrier.Of(span, written).Read(read.Split(',')).Parent, Is.EqualTo(span.Id));
        Assert.That(Carrier.Of(span, read.Split(',')).Read(written).Parent, Is.EqualTo(span.Id));
    }
}
