using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Configuration;
using OtelTelemetry.Tracing.Propagation;

namespace OtelTelemetry.Tests.Propagation;

/// <summary>
/// Random and mutated headers against a slow and plain reading of the specifications: nothing throws, no parent is another than theirs,
/// and what an extraction allocates stays below a bound. 50,000 inputs; the variable <c>EXTRACTION_FUZZ_INPUTS</c> sets another number.
/// </summary>
public partial class ExtractionFuzzTests
{
    /// <summary>Stated in docs/propagation.md.</summary>
    private const long MostBytes = 100_000;

    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string SpanId = "b7ad6b7169203331";

    private static readonly string[] s_pieces =
    [
        "-", "--", ",", "=", ";", " ", "\t", "%", "%2", "%C3%A9", "@", "\0", "é", "\uD83D", "0", "1", "d", "00", "01", "ff", "cc", "A", "x", "foo=1", "foo=1,", "k@v=2", "\"",
        TraceId, TraceId[16..], TraceId.ToUpperInvariant(), SpanId, new string('0', 32), new string('0', 16), new string('v', 130), new string('z', 260),
        $"00-{TraceId}-{SpanId}-01", $"cc-{TraceId}-{SpanId}-01-next", $"{TraceId}-{SpanId}-1", $"{TraceId}-{SpanId}-d-{SpanId}", string.Concat(Enumerable.Repeat("a=b,", 60)),
    ];

    private static readonly string[] s_wellFormed = [$"00-{TraceId}-{SpanId}-01", $"cc-{TraceId}-{SpanId}-01-next", $"{TraceId}-{SpanId}-1", $"{TraceId[16..]}-{SpanId}-0-{SpanId}"];

    [Test]
    public void Whatever_comes_in_nothing_throws_no_wrong_parent_is_read_and_little_is_allocated()
    {
        var inputs = int.Parse(
            new ConfigurationBuilder().AddEnvironmentVariables().Build()["EXTRACTION_FUZZ_INPUTS"] ?? "50000", CultureInfo.InvariantCulture);
        var propagator = new CompositeContextPropagator(["tracecontext", "b3", "b3multi", "baggage"], forwardRequestId: true);
        var (parents, most) = (0, 0L);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(inputs), Prop.ForAll(HeaderValues(), values =>
        {
            var carrier = Headers(values);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var read = propagator.Extract(carrier);
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            var expected = TraceParentOf(carrier["traceparent"]) ?? B3Of(carrier["b3"]) ?? B3Of($"{carrier["x-b3-traceid"].Trim(' ', '\t')}-{carrier["x-b3-spanid"].Trim(' ', '\t')}");
            if (expected is not null) parents++;
            Assert.That(read.HasParent ? $"{read.Trace.TraceId}-{read.Trace.SpanId}-{(int)read.Trace.TraceFlags & 1}" : null, Is.EqualTo(expected));
        }));

        Assert.That(most, Is.LessThan(MostBytes));
        Assert.That(parents, Is.GreaterThan(inputs / 20), "Enough of the inputs name a parent for the comparison to mean something.");
        TestContext.Out.WriteLine($"{inputs} inputs, {parents} parents, at most {most} bytes.");
    }

    /// <summary>Well-formed values with a character changed, put in or taken out, or pieces of such values one after the other.</summary>
    private static Arbitrary<string[]> HeaderValues()
    {
        var random = Gen.Elements(s_pieces).ListOf().Select(pieces => string.Concat(pieces));
        var character = Gen.Elements([.. "0af-A ,=\t;%xé\0"]);
        var mutated =
            from start in Gen.Elements(s_wellFormed)
            from position in Gen.Choose(0, start.Length - 1)
            from with in character
            from how in Gen.Choose(0, 5)
            select how switch
            {
                0 => start[..position] + with + start[(position + 1)..],
                1 => start[..position] + with + start[position..],
                2 => start.Remove(position, 1),
                3 => with + start + with,
                _ => start,
            };
        return Gen.OneOf(random, mutated).ArrayOf(7).ToArbitrary();
    }

    private static Dictionary<string, string> Headers(string[] values) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["traceparent"] = values[0],
        ["tracestate"] = values[1],
        ["b3"] = values[2],
        ["x-b3-traceid"] = values[3].Split('-')[0],
        ["x-b3-spanid"] = values[4].Length % 2 == 0 ? SpanId : values[4],
        ["baggage"] = values[5],
        ["x-request-id"] = values[6],
    };

    private static string? TraceParentOf(string header)
    {
        var match = TraceParentPattern().Match(header);
        if (!match.Success) return null;
        var (version, trace, span) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value);
        if (version == "ff" || (version == "00" && match.Groups[5].Length > 0) || trace == new string('0', 32) || span == new string('0', 16)) return null;
        return $"{trace}-{span}-{Convert.ToInt32(match.Groups[4].Value, 16) & 1}";
    }

    private static string? B3Of(string header)
    {
        var match = B3Pattern().Match(header);
        if (!match.Success) return null;
        var (trace, span) = (match.Groups[1].Value.ToLowerInvariant().PadLeft(32, '0'), match.Groups[2].Value.ToLowerInvariant());
        if (trace == new string('0', 32) || span == new string('0', 16) || match.Groups[4].Value == new string('0', 16)) return null;
        return $"{trace}-{span}-{(match.Groups[3].Value is "0" or "false" ? 0 : 1)}";
    }

    [GeneratedRegex(@"\A[ \t]*([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[\s\S]*?)?[ \t]*\z")]
    private static partial Regex TraceParentPattern();

    [GeneratedRegex(@"\A[ \t]*((?:[0-9a-fA-F]{16}){1,2})-([0-9a-fA-F]{16})(?:-(0|1|d|D|true|false)(?:-([0-9a-fA-F]{16}))?)?[ \t]*\z")]
    private static partial Regex B3Pattern();
}
