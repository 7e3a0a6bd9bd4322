using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Logging.Sinks.Elasticsearch;

namespace OtelTelemetry.Tests.Logging.Elasticsearch;

public class IndexPatternTests
{
    [Test]
    public void Both_ways_to_write_a_date_name_the_day_and_hour_of_the_record_whenever_it_was()
    {
        var times = Gen.Choose(0, int.MaxValue).Select(seconds => DateTime.UnixEpoch.AddSeconds(2.0 * seconds)).ToArbitrary();
        var forms = new (string Pattern, Func<DateTime, string> Expected)[]
        {
            ("logs-%Y.%m.%d", time => "logs-" + time.ToString("yyyy'.'MM'.'dd", CultureInfo.InvariantCulture)),
            ("a%Y%m%d%Hz", time => "a" + time.ToString("yyyyMMddHH", CultureInfo.InvariantCulture) + "z"),
            ("y-%Y-%j", time => string.Create(CultureInfo.InvariantCulture, $"y-{time.Year:0000}-{time.DayOfYear:000}")),
            ("logs-{yyyy.MM.dd}", time => "logs-" + time.ToString("yyyy'.'MM'.'dd", CultureInfo.InvariantCulture)),
            ("logs-{0:yyyy-MM}-x-{HH}", time => "logs-" + time.ToString("yyyy'-'MM", CultureInfo.InvariantCulture) + "-x-" + time.ToString("HH", CultureInfo.InvariantCulture)),
            ("d{d}.{M}.{yy}h{H}", time => string.Create(CultureInfo.InvariantCulture, $"d{time.Day}.{time.Month}.{time.Year % 100:00}h{time.Hour}")),
            ("plain", _ => "plain"),
        };
        Prop.ForAll(times, time => forms.All(form => IndexPattern.Of(form.Pattern).NameAt(time) == form.Expected(time))).QuickCheckThrowOnFailure();
    }

    [Test]
    public void Days_that_follow_each_other_have_names_that_do()
    {
        var pattern = IndexPattern.Of("logs-%Y.%m.%d");
        var names = Enumerable.Range(0, 3000).Select(day => pattern.NameAt(DateTime.UnixEpoch.AddDays(day * 7))).ToArray();

        Assert.That(names, Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal).And.Unique);
    }

    [TestCase("logs-%Q", "'%Q'")]
    [TestCase("logs-%", "single %")]
    [TestCase("logs-{yyyy", "not closed")]
    [TestCase("logs-yyyy}", "no { before")]
    [TestCase("logs-{}", "nothing between")]
    [TestCase("logs-{MMM}", "'MMM'")]
    [TestCase("logs-{mm}", "'mm'")]
    [TestCase("Logs-%Y", "upper-case")]
    [TestCase("logs %Y", "' '")]
    [TestCase("logs*", "'*'")]
    [TestCase("_logs", "no index is named")]
    [TestCase(" ", "empty")]
    public void What_names_no_index_is_refused(string pattern, string problem)
    {
        Assert.That(IndexPattern.Check(pattern)?.Problem, Does.Contain(problem));
        Assert.That(IndexPattern.Check(pattern)?.Remedy, Does.Contain("logs-%Y.%m.%d"));
    }

    [TestCase("logs-%Y.%m.%d")]
    [TestCase("logs-{yyyy.MM.dd}")]
    [TestCase("logs-shop-default")]
    [TestCase("100%%-%Y")]
    public void What_names_one_is_taken(string pattern) => Assert.That(IndexPattern.Check(pattern), Is.Null);
}
