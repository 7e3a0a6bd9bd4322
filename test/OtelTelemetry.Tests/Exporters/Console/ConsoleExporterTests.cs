using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Console;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Contracts;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.Console;

public class ConsoleExporterTests : ExporterContract
{
    private StringWriter _output = null!;

    [SetUp]
    public void MakeOutput() => _output = new StringWriter { NewLine = "\n" };

    [TearDown]
    public void EndOutput() => _output.Dispose();

    protected override MetricsExporter Create() => Create(new ConsoleExporterOptions());

    [Test]
    public async Task Every_kind_is_a_line_people_can_read()
    {
        await Create().ExportAsync(
        [
            SomeFamilies.Numbers("requests_total", MetricKind.Counter, "{request}", ("b", 1234567), ("a", 2)),
            SomeFamilies.Numbers("room.temperature", MetricKind.Gauge, "Cel", ("in", 21.123456789)),
            .. SomeFamilies.All.Where(family => family.Descriptor.Name is "http.request.duration" or "payload.size" or "payment_seconds"),
        ]);
        Assert.That(_output.ToString(), Is.EqualTo("""
            2026-01-02 03:04:05Z  9 series
            METRIC                 LABELS           VALUE
            http.request.duration  route=/a         4 observations, mean 3.125 s
            http.request.duration  route=/nobounds  5 observations, mean 2 s
            http.request.duration  route=/none      0 observations
            payload.size           route=/a         6 observations, mean 0.583333 By
            payment_seconds        method=card      7 observations, mean 0.357143 s, p50 0.2 s, p99 1.4 s
            payment_seconds        method=none      0 observations
            requests_total         label=a          2
            requests_total         label=b          1234567
            room.temperature       label=in         21.1235 Cel


            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public async Task Lines_fit_the_terminal_and_keep_the_values()
    {
        await Create(new ConsoleExporterOptions { Width = 60 }).ExportAsync(
            [SomeFamilies.Numbers("a_rather_long_name_of_a_metric_total", MetricKind.Counter, "", (new string('x', 100), 42), ("b", 7))]);
        var lines = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(4).And.All.Length.LessThanOrEqualTo(60));
        Assert.That(lines[2], Does.EndWith("  7"));
        Assert.That(lines[3], Does.StartWith("a_rather_long_name_of_a_metric_total  label=xxx").And.EndWith("…  42"));
    }

    [Test]
    public async Task A_value_cannot_move_the_cursor_or_begin_a_line()
    {
        await Create().ExportAsync([SomeFamilies.Numbers("n_total", MetricKind.Counter, "", ("\u001b[2J\r\nroot\u202e\u2028", 1))]);
        Assert.That(_output.ToString(), Does.Contain("label=\\u001b[2J\\u000d\\u000aroot\\u202e\\u2028").And.Not.Contain("\u001b"));
    }

    [Test]
    public async Task A_long_table_is_cut_and_the_rest_counted()
    {
        var result = await Create(new ConsoleExporterOptions { MaxRows = 3 }).ExportAsync(
            [SomeFamilies.Numbers("n_total", MetricKind.Counter, "", [.. Enumerable.Range(0, 10).Select(i => ($"{i}", (double)i))]), SomeFamilies.Numbers("o_total", MetricKind.Counter, "", ("a", 1))]);
        Assert.That(result.Items, Is.EqualTo(11));
        Assert.That(_output.ToString(), Does.Contain("  11 series\n").And.Contain("label=2").And.Not.Contain("label=3").And.Contain("\n… and 8 series more\n"));
    }

    [Test]
    public async Task Nothing_is_written_where_there_is_nothing()
    {
        await Create().ExportAsync([SomeFamilies.Numbers("without_series", MetricKind.Counter, "")]);
        Assert.That(_output.ToString(), Is.Empty);
    }

    [Test]
    public async Task A_console_that_is_gone_is_told()
    {
        var exporter = Create();
        await _output.DisposeAsync();
        var result = await exporter.ExportAsync(SomeFamilies.All);
        Assert.That(result.Problem, Does.StartWith("the console could not be written to ("));
    }

    [Test]
    public void Wrong_settings_are_told_all_at_once() => Assert.That(
        () => Create(new ConsoleExporterOptions { MaxRows = 0, Width = 10 }),
        Throws.ArgumentException.With.Message.Contains("MaxRows: 0 lines are no table").And.Message.Contains("Width: 10 characters hold no table"));

    private ConsoleExporter Create(ConsoleExporterOptions options)
    {
        options.Output = _output;
        return new ConsoleExporter(options, new ExporterContext("Console") { TimeProvider = Clock });
    }
}
