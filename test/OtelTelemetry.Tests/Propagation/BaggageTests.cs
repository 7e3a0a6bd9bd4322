using System.Diagnostics;
using OtelTelemetry.Tracing.Propagation;

namespace OtelTelemetry.Tests.Propagation;

/// <summary>W3C Baggage (https://www.w3.org/TR/baggage/); the numbers are its sections.</summary>
public class BaggageTests
{
    [TestCase("a=1,b=2", "a=1|b=2")]
    [TestCase(" a = 1 , b\t=\t2 ", "a=1|b=2")]
    [TestCase("a=b=c", "a=b=c")]
    [TestCase("a=", "a=")]
    [TestCase("a=1,,b=2,", "a=1|b=2")]
    public void Section_3_3_1_Members_are_read_in_their_order(string header, string expected) => Assert.That(Read(header), Is.EqualTo(expected));

    [TestCase("a=%20x%2Cy", "a= x,y")]
    [TestCase("a=%C3%A9%e2%82%ac", "a=é€")]
    [TestCase("a=%zz%4", "a=%zz%4")]
    [TestCase("a=%ff!", "a=\uFFFD!")]
    public void Section_3_3_1_Values_are_percent_decoded(string header, string expected) => Assert.That(Read(header), Is.EqualTo(expected));

    [TestCase("a=1;secret;p=x,b=2", "a=1|b=2")]
    [TestCase("a=1 ; p = x", "a=1")]
    public void Section_3_3_1_Properties_are_no_part_of_the_value(string header, string expected)
    {
        Assert.That(Read(header), Is.EqualTo(expected));
        Assert.That(ReadByTheRuntime(header), Is.Not.EqualTo(expected), "The bare runtime takes them for the value.");
    }

    [TestCase("a", "")]
    [TestCase("=1", "")]
    [TestCase("a b=1", "")]
    [TestCase("é=1", "")]
    [TestCase("a=é", "")]
    [TestCase("a=\u0001", "")]
    [TestCase("a=1,bad,b=2", "a=1|b=2")]
    public void Section_3_3_1_A_malformed_member_is_left_out_and_the_others_stay(string header, string expected)
    {
        Assert.That(Read(header), Is.EqualTo(expected));
        if (expected.Contains('|')) Assert.That(ReadByTheRuntime(header), Is.EqualTo("a=1"), "The bare runtime reads no further.");
    }

    [Test]
    public void Section_3_3_1_A_name_that_comes_twice_has_its_last_value() => Assert.That(Read("a=1,b=2,a=3"), Is.EqualTo("a=3|b=2"));

    [Test]
    public void Section_3_3_Several_headers_are_one_list()
    {
        Assert.That(Read("a=1", "b=2"), Is.EqualTo("a=1|b=2"));
        Assert.That(ReadByTheRuntime("a=1", "b=2"), Is.Empty, "The bare runtime loses all of them.");
    }

    [Test]
    public void The_older_name_is_read_where_there_is_no_other()
    {
        Assert.That(Items(new Carrier { ("Correlation-Context", "a=1") }), Is.EqualTo("a=1"));
        Assert.That(Items(new Carrier { ("Correlation-Context", "a=1"), ("baggage", "b=2") }), Is.EqualTo("b=2"));
    }

    [Test]
    public void Section_3_3_2_No_more_than_180_members_are_read()
    {
        var read = Read(string.Join(',', Enumerable.Range(0, 200).Select(i => $"k{i}=1"))).Split('|');

        Assert.That((read.Length, read[^1]), Is.EqualTo((180, "k179=1")));
    }

    [Test]
    public void Section_3_3_2_No_more_than_8192_characters_are_read_and_members_stay_whole()
    {
        // 81 members of 101 characters with their commas are 8181.
        var read = Read(string.Join(',', Enumerable.Range(100, 100).Select(i => $"k{i}={new string('v', 95)}"))).Split('|');

        Assert.That((read.Length, read[^1].Length), Is.EqualTo((81, 100)));
    }

    [Test]
    public void Section_3_3_1_What_is_written_is_encoded_and_read_again()
    {
        const string Value = "a b,c;é%\"\\=€\ud83d\ude00";
        using var span = Span(("user", Value), ("empty", ""));

        var header = Carrier.Of(span, "baggage")["baggage"]!;

        Assert.That(header, Is.EqualTo("empty=,user=a%20b%2Cc%3B%C3%A9%25%22%5C=%E2%82%AC%F0%9F%98%80"));
        Assert.That(Read(header), Is.EqualTo($"empty=|user={Value}"));
    }

    [Test]
    public void Section_3_3_1_A_name_that_is_no_token_is_not_written()
    {
        using var span = Span(("good", "1"), ("b a d", "2"), ("b=d", "3"));

        Assert.That(Carrier.Of(span, "baggage")["baggage"], Is.EqualTo("good=1"));
    }

    [Test]
    public void The_nearest_item_hides_those_above()
    {
        using var parent = Span(("a", "outer"), ("b", "2"));
        using var child = new Activity("child").AddBaggage("a", "inner").Start();

        Assert.That(Carrier.Of(child, "baggage")["baggage"], Is.EqualTo("a=inner,b=2"));
    }

    [Test]
    public void Section_3_3_2_No_more_is_written_than_the_limits_allow()
    {
        using var many = Span([.. Enumerable.Range(0, 200).Select(i => ($"k{i}", "1"))]);
        Assert.That(Carrier.Of(many, "baggage")["baggage"]!.Split(','), Has.Length.EqualTo(180));

        using var large = Span([.. Enumerable.Range(100, 100).Select(i => ($"k{i}", new string('v', 95)))]);
        Assert.That(Carrier.Of(large, "baggage")["baggage"], Has.Length.EqualTo(81 * 101 - 1));
    }

    [Test]
    public void Without_baggage_there_is_no_header()
    {
        using var span = Span();
        Assert.That(Carrier.Of(span, "baggage"), Is.Empty);
    }

    private static string Read(params string[] headers)
    {
        var carrier = new Carrier();
        foreach (var header in headers) carrier.Add(("baggage", header));
        return Items(carrier);
    }

    private static string Items(Carrier carrier) =>
        string.Join('|', new CompositeContextPropagator(["baggage"]).Extract(carrier, (headers, name) => headers.Where(one => one.Name == name).Select(one => one.Value)).Baggage.Select(item => $"{item.Key}={item.Value}"));

    private static string ReadByTheRuntime(params string[] headers)
    {
        var carrier = new Carrier();
        foreach (var header in headers) carrier.Add(("baggage", header));
        return string.Join('|', (DistributedContextPropagator.CreateDefaultPropagator().ExtractBaggage(carrier, Carrier.Getter) ?? []).Reverse().Select(item => $"{item.Key}={item.Value}"));
    }

    private static Activity Span(params (string Name, string Value)[] baggage)
    {
        var span = new Activity("test").SetIdFormat(ActivityIdFormat.W3C);
        foreach (var (name, value) in baggage) span.AddBaggage(name, value);
        return span.Start();
    }
}
