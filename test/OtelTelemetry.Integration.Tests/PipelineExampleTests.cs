using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>The example pipeline, as a user runs it: what it tells is what it did, in every signal.</summary>
[TestFixture]
public sealed partial class PipelineExampleTests
{
    private const int Runs = 30;
    private const string Failing = "0.4";
    private static readonly string[] s_steps = ["extract", "transform", "classify", "load"];

    private OtlpReceiver _receiver = null!;
    private PipelineProcess _pipeline = null!;
    private string _folder = null!;

    /// <summary>What the metrics say at the end.</summary>
    private Numbers Last => new(_pipeline.LastMetrics);

    [OneTimeSetUp]
    public async Task Run()
    {
        _folder = ServerProcess.CreateDataFolder();
        _receiver = await OtlpReceiver.Start();
        _pipeline = await PipelineProcess.Start(
            _folder,
            ["--runs", $"{Runs}"],
            ("Pipeline__Seed", "7"),
            ("Pipeline__Service__FailureRatio", Failing),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.HttpEndpoint.ToString()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        Assert.That(await _pipeline.WaitForExit(), Is.Zero, _pipeline.Output.ToString());
    }

    [OneTimeTearDown]
    public async Task CleanUp()
    {
        await Disposal.Of(_pipeline, _receiver);
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void Every_number_is_what_happened()
    {
        var last = Last;
        var (processed, waiting) = _pipeline.Lines;
        var books = ServiceBooks().Match(_pipeline.Output.ToString());
        double Book(string name) => double.Parse(books.Groups[name].Value, CultureInfo.InvariantCulture);

        Assert.That(books.Success, Is.True, _pipeline.Output.ToString());
        var failed = last.Sum("pipeline_executions_total{", "status=\"error\"");
        Assert.That(failed, Is.InRange(1, Runs - 1), "Some runs fail, some succeed.");
        Assert.That(last.Sum("pipeline_executions_total{", "status=\"success\""), Is.EqualTo(Runs - failed));
        Assert.That(last.Sum("pipeline_duration_seconds_count{"), Is.EqualTo(Runs));
        Assert.That(last.Sum("pipeline_active_executions{"), Is.Zero);

        Assert.That(last.Sum("pipeline_items_total{"), Is.EqualTo(_pipeline.Rows));
        Assert.That(_pipeline.Rows, Is.EqualTo(processed.Count(IsWhole)).And.GreaterThan(1000));
        Assert.That(last.Sum("pipeline_queue_depth{"), Is.EqualTo(waiting.Length));

        Assert.That(last.Sum("pipeline_api_calls_total{"), Is.EqualTo(Book("answered") + Book("refused")));
        Assert.That(last.Sum("http_client_request_duration_seconds_count{", $"server_port=\"{_pipeline.Service.Port}\""), Is.EqualTo(Book("answered") + Book("refused")));
        Assert.That(last.Sum("pipeline_cost_usd_total{"), Is.EqualTo(Book("tokens") * 0.00002).Within(1e-9));
        Assert.That(last.Sum("pipeline_errors_total{", "error_type=\"HttpRequestException\""), Is.EqualTo(Book("refused")));
        Assert.That(last.Sum("pipeline_retries_total{"), Is.EqualTo(Book("refused") - failed), "The last error of a run that fails is not followed by another attempt.");

        foreach (var step in s_steps)
        {
            var ended = step is "load" ? Runs - failed : Runs;
            var broken = step is "classify" ? failed : 0;
            Assert.That(last.Sum("pipeline_step_duration_seconds_count{", $"step_name=\"{step}\""), Is.EqualTo(ended), step);
            Assert.That(last.Sum("pipeline_steps_total{", $"step_name=\"{step}\"", "status=\"error\""), Is.EqualTo(broken), step);
            Assert.That(last.Sum("pipeline_steps_total{", $"step_name=\"{step}\"", "status=\"success\""), Is.EqualTo(ended - broken), step);
        }
    }

    [Test]
    public void Its_summary_is_what_its_metrics_say()
    {
        var last = Last;

        Assert.That(_pipeline.Output.Lines, Has.One.EqualTo(string.Create(
            CultureInfo.InvariantCulture,
            $"{last.Sum("pipeline_executions_total{", "status=\"success\"")} runs succeeded and {last.Sum("pipeline_executions_total{", "status=\"error\"")} failed: "
            + $"{last.Sum("pipeline_items_total{")} reviews loaded, {last.Sum("pipeline_api_calls_total{")} API calls, {last.Sum("pipeline_errors_total{")} errors, "
            + $"{last.Sum("pipeline_retries_total{")} retries, {last.Sum("pipeline_cost_usd_total{"):0.000000} USD; {last.Sum("pipeline_queue_depth{")} reviews wait.")));
    }

    [Test]
    public async Task Every_run_is_a_trace_with_a_span_for_each_step()
    {
        var spans = await _receiver.Spans();
        var runs = spans.Where(span => span.Name == "pipeline_execution").ToList();

        Assert.That(runs, Has.Count.EqualTo(Runs));
        Assert.That(runs.Select(run => run.TraceId), Is.Unique);
        Assert.That(runs.Select(run => run.ParentSpanId), Is.All.Empty);
        Assert.That(runs.Select(run => run.Attributes["pipeline.run"]), Is.EquivalentTo(Enumerable.Range(1, Runs).Select(number => $"{number}")));
        foreach (var run in runs)
        {
            var steps = spans.Where(span => span.ParentSpanId == run.SpanId).ToList();
            var failed = run.Status == "STATUS_CODE_ERROR";
            Assert.That(steps.Select(step => step.Name), Is.EqualTo(failed ? s_steps[..3] : s_steps));
            Assert.That(steps.Select(step => step.Status), Is.EqualTo(failed ? ["STATUS_CODE_UNSET", "STATUS_CODE_UNSET", "STATUS_CODE_ERROR"] : Enumerable.Repeat("STATUS_CODE_UNSET", 4)));
            Assert.That(steps[0].Attributes["source"], Is.EqualTo("reviews.jsonl"));
            Assert.That(steps[1].Events[^1], Is.EqualTo("validated"));
            if (failed) Assert.That(run.Attributes["error.type"], Is.EqualTo("System.Net.Http.HttpRequestException"));
            else Assert.That((run.Attributes["items.count"], steps[3].Events.Single()), Is.EqualTo((steps[3].Attributes["items.count"], "committed")));
        }

        var last = Last;
        var classifying = spans.Where(span => span.Name == "classify").ToDictionary(span => span.SpanId);
        var calls = spans.Where(span => span.Kind == "SPAN_KIND_CLIENT").ToList(); // Those to the receiver make no spans.
        Assert.That(calls, Has.Count.EqualTo(last.Sum("pipeline_api_calls_total{")).And.All.Matches<OtlpSpan>(call => classifying.ContainsKey(call.ParentSpanId)));
        Assert.That(classifying.Values.Sum(step => step.Events.Count(name => name == "retry")), Is.EqualTo(last.Sum("pipeline_retries_total{")));
        Assert.That(
            spans.Where(span => span.Name == "transform").Sum(step => step.Events.Count(name => name == "rejected")),
            Is.EqualTo(last.Sum("pipeline_errors_total{", "error_type=\"JsonException\"")).And.GreaterThan(0));
    }

    [Test]
    public async Task Every_run_has_a_log_record_of_its_trace()
    {
        var traces = (await _receiver.Spans()).Where(span => span.Name == "pipeline_execution").ToDictionary(span => span.Attributes["pipeline.run"], span => span.TraceId);
        var logs = (await _receiver.Logs()).Where(log => log.Attributes.ContainsKey("Run")).ToList();

        Assert.That(logs.ToDictionary(log => log.Attributes["Run"], log => log.TraceId), Is.EquivalentTo(traces));
        Assert.That(logs.Count(log => log.Severity == "Error"), Is.EqualTo(Last.Sum("pipeline_executions_total{", "status=\"error\"")));
        Assert.That(logs.Where(log => log.Severity == "Information").Sum(log => double.Parse(log.Attributes["Items"], CultureInfo.InvariantCulture)), Is.EqualTo(_pipeline.Rows));
        foreach (var (run, trace) in traces) Assert.That(_pipeline.Output.Lines, Has.One.Match($"(INF|ERR) Pipeline.ReviewPipeline +Run {run}( failed|:).*  {trace[..8]}$"));
        Assert.That(_pipeline.Output.ToString(), Does.Not.Contain("TraceId="), "The id is at the end of the line, once.");
    }

    [Test]
    public async Task The_same_numbers_arrive_over_OTLP()
    {
        var last = Last;
        var latest = (await _receiver.Points()).GroupBy(point => point.Series).Select(series => series.MaxBy(point => point.Export)!).ToList();

        foreach (var metric in new[] { "executions", "steps", "items", "errors", "api_calls", "retries", "cost_usd" })
        {
            var points = latest.Where(point => point.Metric.StartsWith($"pipeline_{metric}", StringComparison.Ordinal)).ToList();
            Assert.That(points, Is.Not.Empty, metric);
            Assert.That(points.Sum(point => point.Value), Is.EqualTo(last.Sum($"pipeline_{metric}_total{{")).Within(1e-9), metric);
        }
    }

    [Test]
    public async Task Its_metrics_pass_promtool()
    {
        var text = string.Join('\n', _pipeline.LastMetrics) + "\n";
        var (exitCode, output) = await Promtool.CheckMetrics(text);

        Assert.That(output, Is.Empty, text);
        Assert.That(exitCode, Is.Zero);
    }

    [Test]
    public async Task The_same_seed_does_the_same()
    {
        var folder = ServerProcess.CreateDataFolder();
        try
        {
            await using var again = await PipelineProcess.Start(folder, ["--runs", $"{Runs}"], ("Pipeline__Seed", "7"), ("Pipeline__Service__FailureRatio", Failing));
            await again.WaitForExit();

            Assert.That(again.Output.Lines, Has.One.EqualTo(_pipeline.Output.Lines.Single(line => line.Contains("runs succeeded", StringComparison.Ordinal))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task Whether_it_is_stopped_or_killed_no_review_is_lost_and_none_is_loaded_twice()
    {
        var folder = ServerProcess.CreateDataFolder();
        try
        {
            await using (var stopped = await PipelineProcess.Start(folder, []))
            {
                await stopped.WaitFor("Run 5");
                using var http = new HttpClient();
                var text = await http.GetStringAsync(new Uri(stopped.Address, "/metrics"));
                Assert.That(new Numbers(text.Split('\n')).Sum("pipeline_executions_total{"), Is.GreaterThanOrEqualTo(4));

                await stopped.Stop();
                Assert.That(stopped.ExitCode, Is.Zero, stopped.Output.ToString());
                var runs = new Numbers(stopped.LastMetrics).Sum("pipeline_executions_total{");
                Assert.That(stopped.Output.Lines.Count(line => RunEnded().IsMatch(line)), Is.EqualTo(runs), "The run that was going on is finished.");
                AssertComplete(stopped, folder);
            }

            await using (var killed = await PipelineProcess.Start(folder, [], ("Pipeline__Service__Latency", "0:00:00.01")))
            {
                await killed.WaitFor("Run 2");
                await killed.Kill();
            }

            var before = File.ReadLines(Path.Combine(folder, "reviews.jsonl")).Count();
            await using var last = await PipelineProcess.Start(folder, ["--runs", "20"]);
            Assert.That(await last.WaitForExit(), Is.Zero, last.Output.ToString());
            Assert.That(last.Lines.Processed, Has.Length.GreaterThan(before));
            AssertComplete(last, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static void AssertComplete(PipelineProcess pipeline, string folder)
        {
            var (processed, waiting) = pipeline.Lines;
            Assert.That(pipeline.Rows, Is.EqualTo(processed.Count(IsWhole)).And.GreaterThan(0));
            Assert.That(processed.Length + waiting.Length, Is.EqualTo(File.ReadLines(Path.Combine(folder, "reviews.jsonl")).Count()));
        }
    }

    [Test]
    public async Task A_service_that_refuses_every_call_is_an_alert_and_unhealthy()
    {
        var folder = ServerProcess.CreateDataFolder();
        try
        {
            await using var pipeline = await PipelineProcess.Start(
                folder,
                [],
                ("Pipeline__Pause", "0:00:00.05"),
                ("Pipeline__Attempts", "1"),
                ("Pipeline__Service__FailureRatio", "1"),
                ("Telemetry__Alerts__Interval", "1s"),
                ("Telemetry__Alerts__GroupWait", "0s"),
                ("Telemetry__Health__Interval", "1s"),
                ("Telemetry__Health__UnhealthyThreshold", "1"));
            await pipeline.WaitFor("PipelineFailing");
            using var http = new HttpClient();
            var health = await Eventually.Get(
                "the check of the executions",
                async () => new Numbers((await http.GetStringAsync(new Uri(pipeline.Address, "/metrics"))).Split('\n')).Sum("health_check_status{check=\"executions\"}"),
                status => status == 3);

            Assert.That(health, Is.EqualTo(3));
            Assert.That(pipeline.Output.Lines, Has.Some.Match(@"ERR OtelTelemetry\.Alerts.*PipelineFailing"));
            await pipeline.Stop();
            Assert.That(pipeline.Rows, Is.Zero);
            Assert.That(pipeline.Lines.Processed, Is.Empty, "They wait until the service is back.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task That_the_receiver_is_away_is_told_once_at_the_log_sink()
    {
        var folder = ServerProcess.CreateDataFolder();
        try
        {
            await using var pipeline = await PipelineProcess.Start(
                folder, ["--runs", "10"], ("Pipeline__Pause", "0:00:00.2"), ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{FreePort.Next()}"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                ("OTEL_BSP_SCHEDULE_DELAY", "200"));

            Assert.That(await pipeline.WaitForExit(), Is.Zero);
            Assert.That(pipeline.Output.Lines, Has.One.Match("WRN OtelTelemetry .*otlp_traces"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task Wrong_settings_are_listed_at_once()
    {
        await using var pipeline = await PipelineProcess.Start(_folder, ["--runs", "-1"], ("Pipeline__Attempts", "0"));

        Assert.That(await pipeline.WaitForExit(), Is.Not.Zero);
        Assert.That(pipeline.Output.ToString(), Does.Contain("Pipeline:Runs is -1; it must be 0 (until stopped) or more.").And.Contain("Pipeline:Attempts is 0; it must be 1 or more."));
    }

    private static bool IsWhole(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"The service outside answered (?<answered>\d+) calls for (?<tokens>\d+) tokens and refused (?<refused>\d+)\.")]
    private static partial Regex ServiceBooks();

    [GeneratedRegex(@"Run \d+(:| failed)")]
    private static partial Regex RunEnded();

    /// <summary>The samples of a text for Prometheus.</summary>
    private sealed class Numbers(string[] lines)
    {
        /// <summary>The sum of the samples that begin so and have these labels.</summary>
        public double Sum(string start, params string[] labels) =>
            lines.Where(line => line.StartsWith(start, StringComparison.Ordinal) && labels.All(label => line.Contains(label, StringComparison.Ordinal))).Sum(ExpositionLine.Value);
    }
}
