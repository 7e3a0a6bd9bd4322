using System.Diagnostics;

namespace OtelTelemetry.Tests.Propagation;

/// <summary>W3C Trace Context, Level 1 (https://www.w3.org/TR/trace-context-1/), behaviour by behaviour; the numbers are its sections.</summary>
public class TraceContextTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string SpanId = "b7ad6b7169203331";
    private const string Parent = $"00-{TraceId}-{SpanId}-01";
    private const string NotSampled = $"00-{TraceId}-{SpanId}-00";

    [TestCase(Parent, Parent)]
    [TestCase(NotSampled, NotSampled)]
    public void Section_3_2_2_A_traceparent_is_read(string header, string expected) => Assert.That(ParentOf(header), Is.EqualTo(expected));

    [Test]
    public void Section_3_2_A_header_that_needs_no_change_is_the_same_string() => Assert.That(ParentOf(Parent), Is.SameAs(Parent));

    [TestCase("TraceParent")]
    [TestCase("TRACEPARENT")]
    public void Section_3_2_1_The_name_of_the_header_is_found_in_any_case(string name) => Assert.That(new Carrier { (name, Parent) }.Read("tracecontext").Parent, Is.EqualTo(Parent));

    [Test]
    public void Section_3_2_2_1_Version_ff_is_invalid() => Assert.That(ParentOf($"ff-{TraceId}-{SpanId}-01"), Is.Null);

    [TestCase("0")]
    [TestCase("000")]
    [TestCase("0x")]
    [TestCase(".0")]
    [TestCase("0A")]
    public void Section_3_2_2_1_A_version_is_two_lower_case_digits(string version) => Assert.That(ParentOf($"{version}-{TraceId}-{SpanId}-01"), Is.Null);

    [TestCase("01-{0}-{1}-01", Parent)]
    [TestCase("cc-{0}-{1}-01", Parent)]
    [TestCase("cc-{0}-{1}-00", NotSampled)]
    [TestCase("cc-{0}-{1}-01-what-the-future-brings", Parent)]
    [TestCase("cc-{0}-{1}-01-", Parent)]
    [TestCase("cc-{0}-{1}-01.what", null)]
    [TestCase("cc-{0}-{1}-0", null)]
    [TestCase("cc-{0}-{1}", null)]
    [TestCase("cc-{0}x-{1}-01", null)]
    public void Section_4_3_A_higher_version_is_read_by_the_prefix_rule(string pattern, string? expected) =>
        Assert.That(ParentOf(string.Format(pattern, TraceId, SpanId)), Is.EqualTo(expected));

    [Test]
    public void Section_4_3_Of_a_higher_version_only_the_sampled_flag_is_known() => Assert.That(ParentOf($"cc-{TraceId}-{SpanId}-ff"), Is.EqualTo(Parent));

    [TestCase("-extra")]
    [TestCase("-")]
    [TestCase("0")]
    [TestCase(",")]
    public void Section_3_2_2_2_Version_00_has_nothing_after_the_flags(string rest) => Assert.That(ParentOf(Parent + rest), Is.Null);

    [TestCase("0af7651916cd43dd8448eb211c80319C")]
    [TestCase("0AF7651916CD43DD8448EB211C80319C")]
    [TestCase(".af7651916cd43dd8448eb211c80319c")]
    [TestCase("0af7651916cd43dd8448eb211c80319 ")]
    [TestCase("0af7651916cd43dd8448eb211c80319")]
    [TestCase("0af7651916cd43dd8448eb211c80319cc")]
    [TestCase("")]
    public void Section_3_2_2_3_A_trace_id_is_32_lower_case_hexadecimal_digits(string id) => Assert.That(ParentOf($"00-{id}-{SpanId}-01"), Is.Null);

    [Test]
    public void Section_3_2_2_3_A_trace_id_of_zeros_is_invalid() => Assert.That(ParentOf($"00-{new string('0', 32)}-{SpanId}-01"), Is.Null);

    [TestCase("B7AD6B7169203331")]
    [TestCase("b7ad6b716920333.")]
    [TestCase("b7ad6b716920333")]
    [TestCase("b7ad6b71692033311")]
    public void Section_3_2_2_4_A_parent_id_is_16_lower_case_hexadecimal_digits(string id) => Assert.That(ParentOf($"00-{TraceId}-{id}-01"), Is.Null);

    [Test]
    public void Section_3_2_2_4_A_parent_id_of_zeros_is_invalid() => Assert.That(ParentOf($"00-{TraceId}-0000000000000000-01"), Is.Null);

    [TestCase("0A")]
    [TestCase(".0")]
    [TestCase("0.")]
    [TestCase("1")]
    [TestCase("001")]
    public void Section_3_2_2_5_Flags_are_two_lower_case_hexadecimal_digits(string flags) => Assert.That(ParentOf($"00-{TraceId}-{SpanId}-{flags}"), Is.Null);

    [TestCase("ff", "03")]
    [TestCase("fc", "00")]
    [TestCase("03", "03")]
    [TestCase("02", "02")]
    public void Section_3_2_2_5_2_Flags_that_are_not_known_are_zero_when_they_go_on(string flags, string expected) =>
        Assert.That(ParentOf($"00-{TraceId}-{SpanId}-{flags}"), Is.EqualTo($"00-{TraceId}-{SpanId}-{expected}"), "02 is Level 2's random trace id.");

    [TestCase(" {0}")]
    [TestCase("\t{0}")]
    [TestCase("{0} ")]
    [TestCase(" \t {0}\t \t")]
    public void RFC_9110_section_5_6_3_White_space_around_a_traceparent_does_not_count(string pattern)
    {
        var carrier = new Carrier { ("traceparent", string.Format(pattern, Parent)) };

        Assert.That(carrier.Read("tracecontext").Parent, Is.EqualTo(Parent));
        Assert.That(carrier.ReadByTheRuntime().Parent, Is.Null, "The bare runtime begins a new trace.");
    }

    [Test]
    public void Section_3_2_Several_traceparents_leave_open_which_is_meant() =>
        Assert.That(new Carrier { ("traceparent", Parent), ("traceparent", NotSampled) }.Read("tracecontext").Parent, Is.Null);

    [TestCase("foo=1")]
    [TestCase("foo=1,bar=2")]
    [TestCase("foo= 1")]
    [TestCase("fw529a3039@dt=FfffH4sAAAAAAAA")]
    [TestCase("0tenant@system=1")]
    [TestCase("a_-*/0=~!\"#$%&'()*+-./:;<>?@[\\]^_`{|}~")]
    public void Section_3_3_1_A_tracestate_is_read_as_it_is(string state) => Assert.That(StateOf(state), Is.SameAs(state));

    [TestCase("foo=1 , bar=2", "foo=1,bar=2")]
    [TestCase("foo=1 \t , \t bar=2, \t baz=3", "foo=1,bar=2,baz=3")]
    [TestCase(" foo=1\t", "foo=1")]
    [TestCase("foo=1,,bar=2", "foo=1,bar=2")]
    [TestCase("foo=1,", "foo=1")]
    [TestCase(",foo=1, ,\t,bar=2", "foo=1,bar=2")]
    public void Section_3_3_1_1_White_space_and_empty_members_are_allowed(string state, string expected)
    {
        var carrier = new Carrier { ("traceparent", Parent), ("tracestate", state) };

        Assert.That(carrier.Read("tracecontext").State, Is.EqualTo(expected));
        if (state.Contains(",bar") || state.Contains("\t ,")) Assert.That(carrier.ReadByTheRuntime().State, Is.Not.EqualTo(expected), "The bare runtime loses members.");
    }

    [TestCase("")]
    [TestCase(",")]
    [TestCase(" , ")]
    public void Section_3_3_1_1_A_list_of_nothing_is_none(string state) => Assert.That(StateOf(state), Is.Null);

    [Test]
    public void Section_3_3_Several_headers_are_one_list_in_their_order()
    {
        var carrier = new Carrier { ("traceparent", Parent), ("tracestate", "foo=1,bar=2"), ("tracestate", ""), ("tracestate", "rojo=3") };

        Assert.That(carrier.Read("tracecontext").State, Is.EqualTo("foo=1,bar=2,rojo=3"));
        Assert.That(carrier.ReadByTheRuntime().State, Is.Null, "The bare runtime loses all of them.");
    }

    [TestCase("foo")]
    [TestCase("foo=")]
    [TestCase("=1")]
    [TestCase("foo=1,bar")]
    [TestCase("foo=1,=2")]
    public void Section_3_3_1_2_A_member_is_a_key_and_a_value(string state) => Assert.That(StateOf(state), Is.Null);

    [TestCase("FOO=1")]
    [TestCase("foo.bar=1")]
    [TestCase("foo =1")]
    [TestCase("é=1")]
    [TestCase("0foo=1")]
    [TestCase("_foo=1")]
    public void Section_3_3_1_3_1_A_simple_key_is_of_lower_case_letters_digits_and_a_few_signs(string state) => Assert.That(StateOf(state), Is.Null);

    [TestCase("foo@=1")]
    [TestCase("@foo=1")]
    [TestCase("foo@@bar=1")]
    [TestCase("foo@bar@baz=1")]
    [TestCase("foo@0bar=1")]
    [TestCase("_foo@bar=1")]
    public void Section_3_3_1_3_1_A_key_of_a_tenant_has_one_at_sign_between_two_names(string state)
    {
        var carrier = new Carrier { ("traceparent", Parent), ("tracestate", state) };

        Assert.That(carrier.Read("tracecontext").State, Is.Null);
        if (state[0] is 'f') Assert.That(carrier.ReadByTheRuntime().State, Is.EqualTo(state), "The bare runtime sends it on.");
    }

    [TestCase(256, true)]
    [TestCase(257, false)]
    public void Section_3_3_1_3_1_A_simple_key_has_at_most_256_characters(int length, bool valid) =>
        Assert.That(StateOf(new string('z', length) + "=1"), valid ? Is.Not.Null : Is.Null);

    [TestCase(241, 14, true)]
    [TestCase(242, 14, false)]
    [TestCase(241, 15, false)]
    public void Section_3_3_1_3_1_A_tenant_has_at_most_241_characters_and_a_system_14(int tenant, int system, bool valid) =>
        Assert.That(StateOf($"{new string('t', tenant)}@{new string('v', system)}=1"), valid ? Is.Not.Null : Is.Null);

    [TestCase(256, true)]
    [TestCase(257, false)]
    public void Section_3_3_1_3_2_A_value_has_at_most_256_characters(int length, bool valid) =>
        Assert.That(StateOf("a=" + new string('v', length)), valid ? Is.Not.Null : Is.Null);

    [TestCase("foo=a\tb")]
    [TestCase("foo=é")]
    [TestCase("foo=a=b")]
    [TestCase("foo=\u007f")]
    public void Section_3_3_1_3_2_A_value_is_printable_without_comma_and_equals_sign(string state) => Assert.That(StateOf(state), Is.Null);

    [Test]
    public void Section_3_3_1_3_Of_a_key_that_comes_twice_the_latest_stays() => Assert.That(StateOf("foo=1,bar=1,foo=2"), Is.EqualTo("foo=1,bar=1"));

    [Test]
    public void Section_3_3_1_1_Up_to_32_members_are_read_and_more_are_invalid()
    {
        var most = Members(32, "1");
        var carrier = new Carrier { ("traceparent", Parent), ("tracestate", Members(33, "1")) };

        Assert.That(StateOf(most), Is.EqualTo(most));
        Assert.That(carrier.Read("tracecontext"), Is.EqualTo((Parent, (string?)null)));
        Assert.That(carrier.ReadByTheRuntime().State, Is.Not.Null, "The bare runtime sends it on.");
    }

    [Test]
    public void Section_3_3_1_5_512_characters_are_propagated()
    {
        var state = $"{Members(4, new string('v', 120))},x={new string('v', 512 - 4 * 124 - 2)}";

        Assert.That((state.Length, StateOf(state)), Is.EqualTo((512, state)));
    }

    [Test]
    public void Section_3_3_1_5_Beyond_that_large_members_make_room_first()
    {
        var large = "large=" + new string('v', 130);
        var state = $"first=1,{large},{Members(4, new string('v', 100))},last=1";
        Assert.That(state.Length, Is.GreaterThan(512));

        Assert.That(StateOf(state), Is.EqualTo($"first=1,{Members(4, new string('v', 100))},last=1"));
    }

    [Test]
    public void Section_3_3_1_5_And_then_the_last_ones_always_whole()
    {
        var carrier = new Carrier { ("traceparent", Parent), ("tracestate", Members(10, new string('v', 100))) };

        Assert.That(carrier.Read("tracecontext").State, Is.EqualTo(Members(4, new string('v', 100))));
        Assert.That(carrier.ReadByTheRuntime().State, Is.Not.EqualTo(Members(4, new string('v', 100))), "The bare runtime keeps two.");
    }

    [Test]
    public void Section_3_3_A_broken_tracestate_does_not_harm_the_traceparent() =>
        Assert.That(new Carrier { ("traceparent", Parent), ("tracestate", "broken") }.Read("tracecontext"), Is.EqualTo((Parent, (string?)null)));

    [Test]
    public void Section_3_3_A_tracestate_without_a_traceparent_says_nothing()
    {
        var carrier = new Carrier { ("tracestate", "foo=1") };

        Assert.That(carrier.Read("tracecontext"), Is.EqualTo(((string?)null, (string?)null)));
        Assert.That(carrier.ReadByTheRuntime().State, Is.EqualTo("foo=1"), "The bare runtime returns it.");
    }

    [Test]
    public void Section_4_3_The_bare_runtime_does_not_continue_a_higher_version_with_more_fields() =>
        Assert.That(new Carrier { ("traceparent", $"cc-{TraceId}-{SpanId}-01-more") }.ReadByTheRuntime().Parent, Is.Null);

    [Test]
    public void Section_3_3_1_5_What_the_application_put_into_the_state_is_written_well_formed_or_not_at_all()
    {
        using var span = new Activity("test") { TraceStateString = Members(10, new string('v', 100)) }.SetIdFormat(ActivityIdFormat.W3C).Start();
        Assert.That(Carrier.Of(span, "tracecontext")["tracestate"], Is.EqualTo(Members(4, new string('v', 100))));

        span.TraceStateString = "BROKEN";
        Assert.That(Carrier.Of(span, "tracecontext"), Is.EqualTo(new[] { ("traceparent", span.Id!) }));
    }

    private static string Members(int count, string value) => string.Join(',', Enumerable.Range(0, count).Select(i => $"k{i}={value}"));

    private static string? ParentOf(string header) => new Carrier { ("traceparent", header) }.Read("tracecontext").Parent;

    private static string? StateOf(string state) => new Carrier { ("traceparent", Parent), ("tracestate", state) }.Read("tracecontext").State;
}
