using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Patterns;

namespace OtelTelemetry.Tests.Patterns;

public class WildcardPatternTests
{
    [TestCase("", "", true)]
    [TestCase("", "a", false)]
    [TestCase("*", "", true)]
    [TestCase("?", "", false)]
    [TestCase("http.*.duration", "http.server.request.duration", true)]
    [TestCase("http.*.duration", "http.duration", false)]
    [TestCase("a*b*c", "a-b-b-c", true)]
    [TestCase("a*b*c", "a-b-b-cd", false)]
    [TestCase("a?c", "ABC", false)]
    public void A_star_is_any_text_and_a_question_mark_one_letter(string pattern, string text, bool expected) =>
        Assert.That(new WildcardPattern(pattern, ignoreCase: false).IsMatch(text), Is.EqualTo(expected));

    [Test]
    public void Case_can_be_ignored() => Assert.That(new WildcardPattern("a?c*", ignoreCase: true).IsMatch("ABCD"), Is.True);

    [Test]
    public void It_matches_what_the_regular_expression_of_the_same_meaning_matches()
    {
        // Few letters, so that stars have many ways to fit.
        static Gen<string> Texts(params char[] letters) => Gen.Elements(letters).ArrayOf().Select(chars => new string(chars));
        Prop.ForAll(Texts('a', 'b', '*', '?').ToArbitrary(), Texts('a', 'b').ToArbitrary(), (pattern, text) =>
        {
            var expression = "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal) + "$";
            return new WildcardPattern(pattern, ignoreCase: false).IsMatch(text) == Regex.IsMatch(text, expression);
        }).QuickCheckThrowOnFailure();
    }
}
