using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Exporters.Prometheus;

namespace OtelTelemetry.Tests.Exporters.Prometheus;

[TestFixture]
public sealed class PrometheusFormatTests
{
    private const string Text004 = "text/plain; version=0.0.4; charset=utf-8";
    private const string OpenMetrics001 = "application/openmetrics-text; version=0.0.1; charset=utf-8";
    private const string OpenMetrics100 = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores";
    private const string OpenMetricsUtf8 = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8";

    [TestCase(null, Text004)]
    [TestCase("", Text004)]
    [TestCase("*/*", Text004)]
    [TestCase("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Text004)]
    [TestCase("application/json", Text004)]
    [TestCase("application/openmetrics-text", OpenMetrics100)]
    [TestCase("application/openmetrics-text; version=0.0.1", OpenMetrics001)]
    [TestCase("application/openmetrics-text; version=2.0.0", Text004)]
    [TestCase("APPLICATION/OpenMetrics-Text; Version=\"1.0.0\"", OpenMetrics100)]
    [TestCase("application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.75,*/*;q=0.1", OpenMetrics001)]
    // Prometheus 2.42, with and without native histograms, and Prometheus 3.
    [TestCase("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", OpenMetrics100)]
    [TestCase("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", OpenMetrics100)]
    [TestCase("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", OpenMetricsUtf8)]
    [TestCase("application/openmetrics-text;version=1.0.0;escaping=allow-utf8", OpenMetricsUtf8)]
    [TestCase("application/openmetrics-text;version=0.0.1;escaping=allow-utf-8", OpenMetrics001)]
    [TestCase("application/openmetrics-text;version=1.0.0;escaping=\"\r\nx: y\"", OpenMetrics100)]
    [TestCase("text/plain;version=1.0.0;escaping=dots", "text/plain; version=1.0.0; charset=utf-8; escaping=dots")]
    [TestCase("text/plain;version=1.0.0;escaping=values;q=1.0", "text/plain; version=1.0.0; charset=utf-8; escaping=values")]
    [TestCase("text/plain;version=1.0.0", "text/plain; version=1.0.0; charset=utf-8; escaping=underscores")]
    [TestCase("text/plain;version=0.0.4;escaping=dots", "text/plain; version=0.0.4; charset=utf-8; escaping=dots")]
    [TestCase("text/plain;q=0, application/openmetrics-text;q=0.1", OpenMetrics100)]
    [TestCase("*/*;q=1, application/openmetrics-text;version=1.0.0;q=1", OpenMetrics100)]
    [TestCase("application/openmetrics-text;q=abc, text/plain;q=0.1", Text004)]
    [TestCase(";;;,,,=;q", Text004)]
    public void The_best_acceptable_format_is_chosen(string? accept, string contentType) =>
        Assert.That(PrometheusFormat.Negotiate(accept).ContentType, Is.EqualTo(contentType));

    [Test]
    public void No_Accept_header_makes_it_throw() => Check.QuickThrowOnFailure(
        Prop.ForAll<string?>(accept => PrometheusFormat.Negotiate(accept).ContentType.Length > 0));

    [TestCase(null, false)]
    [TestCase("", false)]
    [TestCase("gzip", true)]
    [TestCase("deflate, GZIP;q=0.5", true)]
    [TestCase("br, gzip;q=0", false)]
    [TestCase("gzip;q=0.000", false)]
    [TestCase("identity", false)]
    public void Gzip_is_used_when_allowed(string? acceptEncoding, bool expected) =>
        Assert.That(PrometheusScrapeHandler.AcceptsGzip(acceptEncoding), Is.EqualTo(expected));

    [TestCase(null, 60)]
    [TestCase("x", 60)]
    [TestCase("-1", 60)]
    [TestCase("0", 60)]
    [TestCase("NaN", 60)]
    [TestCase("10", 9.5)]
    [TestCase("30.000000", 29.5)]
    [TestCase("0.9", 0.855)]
    public void The_deadline_is_a_little_before_the_scraper_gives_up(string? header, double seconds)
    {
        using var deadline = new ScrapeDeadline(header, TimeProvider.System, CancellationToken.None);

        Assert.That(deadline.After.TotalSeconds, Is.EqualTo(seconds).Within(1e-9));
    }

    [Test]
    public void The_deadline_ends_the_scrape_on_its_clock_and_when_the_request_is_aborted()
    {
        var clock = new Support.FakeClock();
        using var request = new CancellationTokenSource();
        using var byTime = new ScrapeDeadline("10", clock, request.Token);
        clock.Advance(TimeSpan.FromSeconds(9.4));
        var before = byTime.Token.IsCancellationRequested;
        clock.Advance(TimeSpan.FromSeconds(0.2));
        using var byRequest = new ScrapeDeadline("10", clock, request.Token);
        request.Cancel();

        Assert.That(before, Is.False);
        Assert.That(byTime.Token.IsCancellationRequested, Is.True);
        Assert.That(byRequest.Token.IsCancellationRequested, Is.True);
    }
}
