using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.Prometheus;

/// <summary>Whole outputs, compared as they are.</summary>
[TestFixture]
public sealed class PrometheusOutputTests
{
    private static readonly MetricFamily[] Shop =
    [
        Some.Family(MetricKind.Histogram, "http.server.duration", "s", "How long \"requests\" took.\nIn seconds, C:\\time.",
            new MetricSample(Some.Labels("method", "GET"), new HistogramSample([0.5, 1, 2.5], [2, 1, 0, 1], 6.25, [null, Some.Exemplar, null, null])),
            new MetricSample(Some.Labels(), new HistogramSample([0.5, 1, 2.5], [0, 0, 0, 0], 0))),
        Some.Family(MetricKind.Counter, "orders", "{order}", "Orders taken.",
            new MetricSample(Some.Labels("method", "GET", "status", "200"), 42, Some.Exemplar),
            new MetricSample(Some.Labels("method", "POST", "status", "a \"quoted\" \\ back\nline"), 0.1)),
        Some.Family(MetricKind.Gauge, "load", "1", "Load.", new MetricSample([], double.NaN)),
        Some.Family(MetricKind.UpDownCounter, "connections", "", "", new MetricSample([], double.PositiveInfinity), new MetricSample(Some.Labels("a", ""), double.NegativeInfinity)),
        Some.Family(MetricKind.Summary, "latency", "ms", "Latency.",
            new MetricSample(Some.Labels("route", "/"), new SummarySample([0.5, 0.99, 1], [1.5, double.NaN, 1e20], 3, 1e-7))),
        Some.Family(MetricKind.ExponentialHistogram, "size", "By", "Sizes.",
            new MetricSample([], new ExponentialHistogramSample(1, 2, -2, [1, 2, 3, 4], 12, 15.5, [Some.Exemplar]))),
    ];

    [Test]
    public void Text() => Assert.That(Some.Write(Some.Text, Shop), Is.EqualTo(
        """
        # TYPE connections gauge
        connections +Inf
        connections{a=""} -Inf
        # HELP http_server_duration_seconds How long "requests" took.\nIn seconds, C:\\time.
        # TYPE http_server_duration_seconds histogram
        http_server_duration_seconds_bucket{method="GET",le="0.5"} 2
        http_server_duration_seconds_bucket{method="GET",le="1"} 3
        http_server_duration_seconds_bucket{method="GET",le="2.5"} 3
        http_server_duration_seconds_bucket{method="GET",le="+Inf"} 4
        http_server_duration_seconds_sum{method="GET"} 6.25
        http_server_duration_seconds_count{method="GET"} 4
        http_server_duration_seconds_bucket{le="0.5"} 0
        http_server_duration_seconds_bucket{le="1"} 0
        http_server_duration_seconds_bucket{le="2.5"} 0
        http_server_duration_seconds_bucket{le="+Inf"} 0
        http_server_duration_seconds_sum 0
        http_server_duration_seconds_count 0
        # HELP latency_milliseconds Latency.
        # TYPE latency_milliseconds summary
        latency_milliseconds{route="/",quantile="0.5"} 1.5
        latency_milliseconds{route="/",quantile="0.99"} NaN
        latency_milliseconds{route="/",quantile="1"} 1E+20
        latency_milliseconds_sum{route="/"} 1E-07
        latency_milliseconds_count{route="/"} 3
        # HELP load_ratio Load.
        # TYPE load_ratio gauge
        load_ratio NaN
        # HELP orders_total Orders taken.
        # TYPE orders_total counter
        orders_total{method="GET",status="200"} 42
        orders_total{method="POST",status="a \"quoted\" \\ back\nline"} 0.1
        # HELP size_bytes Sizes.
        # TYPE size_bytes histogram
        size_bytes_bucket{le="0.5"} 2
        size_bytes_bucket{le="1"} 5
        size_bytes_bucket{le="2"} 12
        size_bytes_bucket{le="+Inf"} 12
        size_bytes_sum 15.5
        size_bytes_count 12

        """));

    [Test]
    public void OpenMetrics() => Assert.That(Some.Write(Some.OpenMetrics, Shop), Is.EqualTo(
        """
        # TYPE connections gauge
        connections +Inf
        connections{a=""} -Inf
        # TYPE http_server_duration_seconds histogram
        # UNIT http_server_duration_seconds seconds
        # HELP http_server_duration_seconds How long \"requests\" took.\nIn seconds, C:\\time.
        http_server_duration_seconds_bucket{method="GET",le="0.5"} 2
        http_server_duration_seconds_bucket{method="GET",le="1.0"} 3 # {trace_id="0af7651916cd43dd8448eb211c80319c",span_id="b7ad6b7169203331"} 0.75 1700000000.123
        http_server_duration_seconds_bucket{method="GET",le="2.5"} 3
        http_server_duration_seconds_bucket{method="GET",le="+Inf"} 4
        http_server_duration_seconds_sum{method="GET"} 6.25
        http_server_duration_seconds_count{method="GET"} 4
        http_server_duration_seconds_bucket{le="0.5"} 0
        http_server_duration_seconds_bucket{le="1.0"} 0
        http_server_duration_seconds_bucket{le="2.5"} 0
        http_server_duration_seconds_bucket{le="+Inf"} 0
        http_server_duration_seconds_sum 0
        http_server_duration_seconds_count 0
        # TYPE latency_milliseconds summary
        # UNIT latency_milliseconds milliseconds
        # HELP latency_milliseconds Latency.
        latency_milliseconds{route="/",quantile="0.5"} 1.5
        latency_milliseconds{route="/",quantile="0.99"} NaN
        latency_milliseconds{route="/",quantile="1.0"} 1E+20
        latency_milliseconds_sum{route="/"} 1E-07
        latency_milliseconds_count{route="/"} 3
        # TYPE load_ratio gauge
        # UNIT load_ratio ratio
        # HELP load_ratio Load.
        load_ratio NaN
        # TYPE orders counter
        # HELP orders Orders taken.
        orders_total{method="GET",status="200"} 42 # {trace_id="0af7651916cd43dd8448eb211c80319c",span_id="b7ad6b7169203331"} 0.75 1700000000.123
        orders_total{method="POST",status="a \"quoted\" \\ back\nline"} 0.1
        # TYPE size_bytes histogram
        # UNIT size_bytes bytes
        # HELP size_bytes Sizes.
        size_bytes_bucket{le="0.5"} 2
        size_bytes_bucket{le="1.0"} 5 # {trace_id="0af7651916cd43dd8448eb211c80319c",span_id="b7ad6b7169203331"} 0.75 1700000000.123
        size_bytes_bucket{le="2.0"} 12
        size_bytes_bucket{le="+Inf"} 12
        size_bytes_sum 15.5
        size_bytes_count 12
        # EOF

        """));

    [Test]
    public void Names_in_utf8()
    {
        var format = new PrometheusFormat(PrometheusDialect.OpenMetrics100, PrometheusEscaping.AllowUtf8);

        Assert.That(Some.Write(format, Names), Is.EqualTo(
            """
            # TYPE "größe.\"x\"_bytes" gauge
            # UNIT "größe.\"x\"_bytes" bytes
            {"größe.\"x\"_bytes","http.method"="GET",plain_name="y"} 2
            # TYPE "http.requests" counter
            {"http.requests_total"} 1
            # TYPE plain gauge
            plain{"a.b"="1"} 3
            # EOF

            """));
    }

    [Test]
    public void Names_with_dots_escaped() => Assert.That(
        Some.Write(new PrometheusFormat(PrometheusDialect.OpenMetrics100, PrometheusEscaping.Dots), Names),
        Is.EqualTo(
            """
            # TYPE gr__e_dot__x___bytes gauge
            # UNIT gr__e_dot__x___bytes bytes
            gr__e_dot__x___bytes{http_dot_method="GET",plain__name="y"} 2
            # TYPE http_dot_requests_ counter
            http_dot_requests__total 1
            # TYPE plain gauge
            plain{a_dot_b="1"} 3
            # EOF

            """));

    [Test]
    public void Names_with_values_escaped() => Assert.That(
        Some.Write(new PrometheusFormat(PrometheusDialect.OpenMetrics100, PrometheusEscaping.Values), Names),
        Is.EqualTo(
            """
            # TYPE U__gr_f6__df_e_2e__22_x_22___bytes gauge
            # UNIT U__gr_f6__df_e_2e__22_x_22___bytes bytes
            U__gr_f6__df_e_2e__22_x_22___bytes{U__http_2e_method="GET",plain_name="y"} 2
            # TYPE U__http_2e_requests_ counter
            U__http_2e_requests__total 1
            # TYPE plain gauge
            plain{U__a_2e_b="1"} 3
            # EOF

            """));

    [Test]
    public void Without_Utf8Names_everybody_gets_underscores()
    {
        var format = new PrometheusFormat(PrometheusDialect.OpenMetrics100, PrometheusEscaping.AllowUtf8);

        Assert.That(
            Some.Write(new PrometheusExporterOptions { Utf8Names = false }, format, Names),
            Is.EqualTo(Some.Write(Some.OpenMetrics, Names)));
    }

    [Test]
    public void The_resource_comes_first_as_target_info()
    {
        var handler = new PrometheusScrapeHandler(
            new MetricReadModel(), new PrometheusExporterOptions(),
            [new("service.name", "shop"), new("service.instance.id", "i-1"), new("cpus", 4L), new("flags", new[] { true, false })]);

        const string Labels = """{service_name="shop",service_instance_id="i-1",cpus="4",flags="[true,false]"}""";
        Assert.That(Body(handler, Some.Text), Is.EqualTo($"# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info{Labels} 1\n"));
        Assert.That(Body(handler, Some.OpenMetrics), Is.EqualTo($"# TYPE target info\n# HELP target Target metadata\ntarget_info{Labels} 1\n# EOF\n"));
        ExpositionParser.Parse(Some.Utf8(Body(handler, Some.OpenMetrics)), openMetrics: true);
    }

    [Test]
    public void No_metrics_are_an_empty_text_and_a_lone_EOF()
    {
        Assert.That(Some.Write(Some.Text), Is.Empty);
        Assert.That(Some.Write(Some.OpenMetrics), Is.EqualTo("# EOF\n"));
        Assert.That(Some.Write(Some.Text, Some.Family(MetricKind.Gauge, "empty", "", "No series yet.")), Is.Empty);
    }

    private static MetricFamily[] Names =>
    [
        Some.Number(MetricKind.Counter, "http.requests", 1),
        Some.Number(MetricKind.Gauge, "größe.\"x\"", "By", 2, "http.method", "GET", "plain_name", "y"),
        Some.Number(MetricKind.Gauge, "plain", 3, "a.b", "1"),
    ];

    private static string Body(PrometheusScrapeHandler handler, PrometheusFormat format)
    {
        using var output = new MemoryStream();
        handler.WriteAsync(output, format).GetAwaiter().GetResult();
        return System.Text.Encoding.UTF8.GetString(output.ToArray());
    }
}
