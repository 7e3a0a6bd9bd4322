using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Tracing.Propagation;

namespace OtelTelemetry.Tests.Propagation;

public class CompositeContextPropagatorTests
{
    private const string TraceId = "463ac35c9f6413ad48485a3953bb6124";
    private const string SpanId = "a2fb4a1d1a96d312";
    private const string Sampled = $"00-{TraceId}-{SpanId}-01";
    private const string NotSampled = $"00-{TraceId}-{SpanId}-00";

    [TestCase("b3", $"{TraceId}-{SpanId}-1", Sampled)]
    [TestCase("b3", $"{TraceId}-{SpanId}-d", Sampled)]
    [TestCase("b3", $"{TraceId}-{SpanId}-1-05e3ac9a4f6e3b90", Sampled)]
    [TestCase("b3", $"{TraceId}-{SpanId}", Sampled)]
    [TestCase("b3", $"{TraceId}-{SpanId}-0", NotSampled)]
    [TestCase("b3", $"48485a3953bb6124-{SpanId}-1", $"00-000000000000000048485a3953bb6124-{SpanId}-01")]
    [TestCase("b3", "463AC35C9F6413AD48485A3953BB6124-A2FB4A1D1A96D312-1", Sampled)]
    [TestCase("b3", "0", null)]
    [TestCase("b3", "", null)]
    [TestCase("b3", $"{TraceId}-{SpanId}-2", null)]
    [TestCase("b3", $"{TraceId}-{SpanId}-1-x-y", null)]
    [TestCase("b3", $"00000000000000000000000000000000-{SpanId}-1", null)]
    [TestCase("b3", $"{TraceId}-0000000000000000-1", null)]
    [TestCase("b3", $"{TraceId}x-{SpanId}-1", null)]
    [TestCase("b3", $"{TraceId}-2fb4a1d1a96d312g-1", null)]
    [TestCase("traceparent", Sampled, Sampled)]
    [TestCase("traceparent", "00-00000000000000000000000000000000-a2fb4a1d1a96d312-01", null)]
    [TestCase("traceparent", "nonsense", null)]
    public void A_header_is_read_or_is_as_good_as_none(string header, string value, string? expected) =>
        Assert.That(Extract(["b3", "tracecontext"], (header, value)).TraceParent, Is.EqualTo(expected));

    [TestCase("1", null, Sampled)]
    [TestCase("true", null, Sampled)]
    [TestCase(null, null, Sampled)]
    [TestCase("0", null, NotSampled)]
    [TestCase("false", null, NotSampled)]
    [TestCase(null, "1", Sampled)]
    [TestCase("0", "1", Sampled)]
    [TestCase("perhaps", null, null)]
    public void Several_headers_are_read(string? sampled, string? flags, string? expected) => Assert.That(
        Extract(["b3multi"], ("X-B3-TraceId", TraceId), ("X-B3-SpanId", SpanId), ("X-B3-Sampled", sampled), ("X-B3-Flags", flags)).TraceParent,
        Is.EqualTo(expected));

    [Test]
    public void The_first_well_formed_format_of_the_list_is_taken()
    {
        (string, string?)[] headers = [("b3", "broken"), ("traceparent", Sampled), ("tracestate", "vendor=1"), ("X-B3-TraceId", TraceId), ("X-B3-SpanId", SpanId), ("X-B3-Sampled", "0")];

        Assert.That(Extract(["b3", "tracecontext", "b3multi"], headers), Is.EqualTo((Sampled, "vendor=1")));
        Assert.That(Extract(["b3", "b3multi", "tracecontext"], headers), Is.EqualTo((NotSampled, (string?)null)));
        Assert.That(Extract(["none"], headers), Is.EqualTo(((string?)null, (string?)null)));
    }

    [TestCase("tracecontext", "traceparent,tracestate")]
    [TestCase("baggage", "baggage")]
    [TestCase("b3", "b3")]
    [TestCase("b3multi", "X-B3-Sampled,X-B3-SpanId,X-B3-TraceId")]
    [TestCase("none", "")]
    public void Only_the_chosen_format_is_written(string format, string expected)
    {
        using var span = Span(recorded: true);

        Assert.That(string.Join(',', Inject([format], span).Keys.Order(StringComparer.Ordinal)), Is.EqualTo(expected));
    }

    [Test]
    public void What_is_written_is_read_again([Values("tracecontext", "b3", "b3multi")] string format, [Values] bool recorded)
    {
        using var span = Span(recorded);

        var read = Extract([format], [.. Inject([format], span).Select(header => (header.Key, (string?)header.Value))]).TraceParent;

        Assert.That(read, Is.EqualTo(span.Id));
    }

    [Test]
    public void Baggage_goes_out_and_comes_in()
    {
        using var span = Span(recorded: true);
        var written = Inject(["b3", "baggage"], span);

        var read = new CompositeContextPropagator(["b3", "baggage"]).ExtractBaggage(written, Get);

        Assert.That(read, Is.EquivalentTo(new[] { KeyValuePair.Create("user", (string?)"a b,c") }));
    }

    [Test]
    public void No_header_whatever_makes_it_throw()
    {
        string[] formats = ["tracecontext", "baggage", "b3", "b3multi"];
        var pieces = Gen.Elements("-", ",", "=", ";", " ", "%", "é", "\0", "00", "1", "d", TraceId, SpanId, Sampled, "x");
        var headers = pieces.ListOf().Select(parts => string.Concat(parts)).ToArbitrary();
        Check.QuickThrowOnFailure(Prop.ForAll(headers, value =>
        {
            var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var name in new CompositeContextPropagator(formats).Fields) all[name] = value;
            var propagator = new CompositeContextPropagator(formats);
            propagator.ExtractTraceIdAndState(all, Get, out var parent, out _);
            _ = propagator.ExtractBaggage(all, Get)?.ToList();
            return parent is null || ActivityContext.TryParse(parent, null, out _);
        }));
    }

    [Test]
    public void An_unknown_format_is_refused_with_the_known_ones() =>
        Assert.That(() => new CompositeContextPropagator(["b4"]), Throws.ArgumentException.With.Message.Contains("tracecontext, baggage, b3, b3multi"));

    private static (string? TraceParent, string? TraceState) Extract(string[] formats, params (string Name, string? Value)[] headers)
    {
        var carrier = headers.Where(header => header.Value is not null).ToDictionary(header => header.Name, header => header.Value!, StringComparer.OrdinalIgnoreCase);
        new CompositeContextPropagator(formats).ExtractTraceIdAndState(carrier, Get, out var parent, out var state);
        return (parent, state);
    }

    private static Dictionary<string, string> Inject(string[] formats, Activity span)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        new CompositeContextPropagator(formats).Inject(span, headers, (carrier, name, value) => ((Dictionary<string, string>)carrier!)[name] = value);
        return headers;
    }

    private static void Get(object? carrier, string name, out string? value, out IEnumerable<string>? values)
    {
        values = null;
        value = ((Dictionary<string, string>)carrier!).GetValueOrDefault(name);
    }

    private static Activity Span(bool recorded)
    {
        var span = new Activity("test") { ActivityTraceFlags = recorded ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None, TraceStateString = "vendor=1" };
        span.SetIdFormat(ActivityIdFormat.W3C);
        span.AddBaggage("user", "a b,c");
        return span.Start();
    }
}
