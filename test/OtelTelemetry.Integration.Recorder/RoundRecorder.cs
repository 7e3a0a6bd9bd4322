using System.Diagnostics;
using System.Globalization;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Integration.Recorder;

/// <summary>
/// Records in rounds: spans and log records with a number each, and increments of a counter. A round ends when the delivery has accepted all of
/// it; metrics are exported at the end of a round only, so that every exported value is that of a whole round.
/// </summary>
internal sealed class RoundRecorder : IDisposable
{
    private static readonly TimeSpan s_longEnough = TimeSpan.FromSeconds(40);

    private readonly ActivitySource _source = new("recorder");
    private readonly TelemetryManager _telemetry;
    private readonly RecorderPlan _plan;
    private readonly AccountWatch _watch;
    private readonly ILogger _logger;
    private readonly TracerProvider _traces;
    private readonly LoggerProvider _logs;
    private readonly BoundCounter[] _increments;

    public RoundRecorder(IServiceProvider services, TelemetryManager telemetry, RecorderPlan plan, AccountWatch watch)
    {
        _telemetry = telemetry;
        _plan = plan;
        _watch = watch;
        _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Recorder");
        _traces = services.GetRequiredService<TracerProvider>();
        _logs = services.GetRequiredService<LoggerProvider>();
        var counter = telemetry.Metrics.CreateCounter("recorder_increments_total", "What was recorded.", "shard");
        _increments = [.. Enumerable.Range(0, RecorderPlan.Shards).Select(shard => counter.With(shard.ToString(CultureInfo.InvariantCulture)))];
    }

    public void RecordRounds()
    {
        for (var round = _plan.First; round <= _plan.Last; round++)
        {
            var gate = Path.Combine(_plan.Gates, round.ToString(CultureInfo.InvariantCulture));
            while (!File.Exists(gate)) Thread.Sleep(5);
            Lines.Say($"begin {round}");
            var first = (round - 1L) * _plan.Items;
            Task.WaitAll(
                Task.Run(() => RecordSpans(first, _plan.Items)),
                Task.Run(() => RecordLogs(first, _plan.Items)),
                Task.Run(RecordIncrements));
            Lines.Say($"accepted {round}");
        }
    }

    /// <summary>Records more than the queues take, with numbers no round has.</summary>
    public void Flood()
    {
        var first = (long)_plan.Last * _plan.Items;
        Flood("spans", _watch.Spans, "otlp_traces", from => MakeSpans(from, _plan.Items), () => _traces.ForceFlush());
        Flood("logs", _watch.Logs, "otlp_logs", from => MakeLogs(from, _plan.Items), () => _logs.ForceFlush());

        void Flood(string signal, CallCount calls, string destination, Action<long> record, Action flush)
        {
            var before = calls.Ended;
            long refused;
            do
            {
                for (var i = 0; i < 10; i++) record(first + calls.Ended - before);
                refused = _watch.Of(destination)!.Dropped.GetValueOrDefault("queue_full");
            }
            while (refused == 0);
            flush();
            WaitUntil(signal, () => _watch.Of(destination)!.Accepted == calls.Ended);
            Lines.Say($"flooded {signal} {calls.Ended - before} {_watch.Of(destination)!.Dropped["queue_full"]}");
        }
    }

    public void Dispose() => _source.Dispose();

    private void RecordSpans(long first, int count)
    {
        if (count == 0) return;
        MakeSpans(first, count);
        _traces.ForceFlush();
        WaitUntil("spans", () => _watch.Of("otlp_traces")!.Accepted == _watch.Spans.Ended);
    }

    private void RecordLogs(long first, int count)
    {
        if (count == 0) return;
        MakeLogs(first, count);
        _logs.ForceFlush();
        WaitUntil("logs", () => _watch.Of("otlp_logs")!.Accepted == _watch.Logs.Ended);
    }

    private void RecordIncrements()
    {
        foreach (var shard in _increments)
        {
            for (var i = 0; i < RecorderPlan.IncrementsPerShard; i++) shard.Inc();
        }

        var before = Accepted();
        using (var limit = new CancellationTokenSource(_plan.FlushLimit)) _telemetry.FlushAsync(limit.Token).GetAwaiter().GetResult();
        WaitUntil("metrics", () => Accepted() > before);

        long Accepted() => _watch.Of(_plan.Destination)?.Accepted ?? 0;
    }

    private void MakeSpans(long first, int count)
    {
        for (var n = first; n < first + count; n++)
        {
            _watch.Spans.Begin();
            using (var span = _source.StartActivity("work")) span!.SetTag("N", n);
            _watch.Spans.End();
        }
    }

    private void MakeLogs(long first, int count)
    {
        for (var n = first; n < first + count; n++)
        {
            _watch.Logs.Begin();
            _logger.LogInformation("work {N}", n);
            _watch.Logs.End();
        }
    }

    private static void WaitUntil(string what, Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > s_longEnough) Lines.Broken($"{what} were not accepted within {s_longEnough.TotalSeconds} s");
            Thread.Sleep(1);
        }
    }
}
