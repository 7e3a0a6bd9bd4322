using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Tests.Exporters.Prometheus;

[TestFixture]
public sealed class PrometheusNamesTests
{
    [TestCase(MetricKind.Counter, "orders", "", "orders_total")]
    [TestCase(MetricKind.Counter, "orders_total", "", "orders_total")]
    [TestCase(MetricKind.Counter, "orders.total", "", "orders_total")]
    [TestCase(MetricKind.Counter, "time_total", "s", "time_seconds_total")]
    [TestCase(MetricKind.Counter, "total", "", "total_total")]
    [TestCase(MetricKind.Gauge, "room.temperature", "Cel", "room_temperature_celsius")]
    [TestCase(MetricKind.Gauge, "request_duration_seconds", "s", "request_duration_seconds")]
    [TestCase(MetricKind.Gauge, "seconds_behind", "s", "seconds_behind")]
    [TestCase(MetricKind.Gauge, "nanoseconds_behind", "s", "nanoseconds_behind_seconds")]
    [TestCase(MetricKind.Gauge, "load", "1", "load_ratio")]
    [TestCase(MetricKind.Counter, "load", "1", "load_total")]
    [TestCase(MetricKind.UpDownCounter, "load", "1", "load")]
    [TestCase(MetricKind.Gauge, "queue", "{item}", "queue")]
    [TestCase(MetricKind.Gauge, "rate", "{request}/s", "rate_per_second")]
    [TestCase(MetricKind.Gauge, "speed", "m/s", "speed_meters_per_second")]
    [TestCase(MetricKind.Gauge, "throughput", "MiBy/min", "throughput_mebibytes_per_minute")]
    [TestCase(MetricKind.Gauge, "full", "%", "full_percent")]
    [TestCase(MetricKind.Gauge, "odd", "furlong fortnight", "odd_furlong_fortnight")]
    [TestCase(MetricKind.Gauge, "1st", "", "_1st")]
    [TestCase(MetricKind.Gauge, "a..b--c__d", "", "a_b_c_d")]
    [TestCase(MetricKind.Gauge, "rule:name", "", "rule:name")]
    [TestCase(MetricKind.Gauge, "größe", "", "gr_e")]
    [TestCase(MetricKind.Gauge, "日本", "", "_")]
    [TestCase(MetricKind.Gauge, "jobs_count", "", "jobs_count")]
    public void A_metric_is_named_as_the_specification_says(MetricKind kind, string name, string unit, string expected) =>
        Assert.That(PrometheusNames.Sample(new MetricDescriptor(name, kind, unit, "", Some.Scope), "", PrometheusEscaping.Underscores, keepUtf8: true), Is.EqualTo(expected));

    [TestCase("dotnet.process.cpu.count", "dotnet_process_cpu_count_current")]
    [TestCase("dotnet.thread_pool.thread.count", "dotnet_thread_pool_thread_count_current")]
    public void The_runtimes_counts_do_not_look_like_parts_of_a_histogram(string name, string expected) =>
        Assert.That(
            PrometheusNames.Sample(new MetricDescriptor(name, MetricKind.UpDownCounter, "{cpu}", "", new MetricScope("System.Runtime")), "", PrometheusEscaping.Underscores, keepUtf8: true),
            Is.EqualTo(expected));

    [TestCase("app", "orders", "app_orders_total")]
    [TestCase("app_", "orders", "app_orders_total")]
    [TestCase("app:x", "or.ders", "app:x_or_ders_total")]
    public void A_prefix_comes_before_every_name(string prefix, string name, string expected) =>
        Assert.That(Some.Write(new PrometheusExporterOptions { Prefix = prefix }, Some.Text, Some.Number(MetricKind.Counter, name, 1)), Does.Contain(expected + " 1\n"));

    [TestCase("a.b", "a_b")]
    [TestCase("1a", "_1a")]
    [TestCase("a:b", "a_b")]
    [TestCase("__name__", "_name_")]
    [TestCase("", "_")]
    [TestCase("\uD800", "_")]
    public void A_label_gets_a_legal_name(string name, string expected) =>
        Assert.That(PrometheusNames.Label(name, PrometheusEscaping.Underscores, keepUtf8: true), Is.EqualTo(expected));

    [Test]
    public void A_label_may_not_pretend_to_be_the_servers_own([Values] PrometheusEscaping escaping) =>
        Assert.That(PrometheusNames.Label("__name__", escaping, keepUtf8: true), Is.Not.EqualTo("__name__"));

    [TestCase(0, "0", "0.0")]
    [TestCase(1, "1", "1.0")]
    [TestCase(0.1, "0.1", "0.1")]
    [TestCase(-2.5, "-2.5", "-2.5")]
    [TestCase(100000, "100000", "100000.0")]
    [TestCase(1000000, "1e+06", "1e+06")]
    [TestCase(1234567, "1.234567e+06", "1.234567e+06")]
    [TestCase(0.0001, "0.0001", "0.0001")]
    [TestCase(0.00001, "1e-05", "1e-05")]
    [TestCase(0.000015, "1.5e-05", "1.5e-05")]
    [TestCase(1e10, "1e+10", "1e+10")]
    [TestCase(1e23, "1e+23", "1e+23")]
    [TestCase(1e100, "1e+100", "1e+100")]
    [TestCase(123.456, "123.456", "123.456")]
    [TestCase(120, "120", "120.0")]
    [TestCase(double.PositiveInfinity, "+Inf", "+Inf")]
    public void A_number_in_a_label_is_written_canonically(double value, string text, string openMetrics)
    {
        Assert.That(NumberText.Label(value, openMetrics: false), Is.EqualTo(text));
        Assert.That(NumberText.Label(value, openMetrics: true), Is.EqualTo(openMetrics));
    }

    [TestCase(0L)]
    [TestCase(9L)]
    [TestCase(10L)]
    [TestCase(99L)]
    [TestCase(100L)]
    [TestCase(4294967295L)]
    [TestCase(4294967296L)]
    [TestCase(long.MaxValue)]
    [TestCase(long.MinValue)]
    [TestCase(-1L)]
    public void A_whole_number_is_written_as_it_is(long value) => AssertWritten(value);

    [Test]
    public void Every_whole_number_is_written_as_it_is()
    {
        for (long value = 0; value < 20_000; value++) AssertWritten(value);
        for (long power = 1; power < long.MaxValue / 10; power *= 10)
        {
            foreach (var value in (long[])[power - 1, power, power + 1, 5 * power, -power]) AssertWritten(value);
        }
    }

    private static void AssertWritten(long value)
    {
        Span<byte> text = stackalloc byte[NumberText.MaxLength];
        var length = NumberText.Write(value, text);
        Assert.That(System.Text.Encoding.ASCII.GetString(text[..length]), Is.EqualTo(value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }
}
