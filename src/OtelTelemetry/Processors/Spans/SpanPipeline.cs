using System.Diagnostics;
using OpenTelemetry;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Processors.Spans.Redact;
using OtelTelemetry.Tracing.Sampling.Tail;

namespace OtelTelemetry.Processors.Spans;

/// <summary>
/// Stands before every processor and exporter of the provider, the application's own among them: what has ended goes through our span
/// processors, waits for tail sampling where there is one, and goes on from there. It is the provider's first processor and a
/// <see cref="CompositeProcessor{T}"/>, into which the SDK puts all that are added later; a test holds it to that. Thread-safe.
/// </summary>
internal sealed class SpanPipeline : CompositeProcessor<Activity>
{
    internal const string Component = "span_processors";

    private readonly TailSampler? _tail;
    private SpanProcessor[] _processors = [];

    internal SpanPipeline(TailSamplingOptions tail, TimeProvider time)
        : base([new First()])
    {
        if (tail.Enabled) _tail = new TailSampler(tail, Pass, time);
    }

    /// <summary>The tail sampling, where there is one.</summary>
    internal TailSampler? Tail => _tail;

    /// <summary>Whether anything needs it.</summary>
    internal static bool IsNeeded(TelemetryTracesOptions traces) => traces.Enabled && (traces.TailSampling.Enabled || traces.Processors.Count > 0);

    /// <summary>Makes the processors, once the provider is complete and its resource known.</summary>
    /// <returns>What is to run once more before our exporters: processors of the application may add what must not leave.</returns>
    internal BaseProcessor<Activity>? Start(IEnumerable<SpanProcessorOptions> processors, SpanProcessorContext context)
    {
        _processors = [.. processors.Select(options => options.Create(context))];
        SpanProcessor[] again = [.. _processors.Where(processor => processor is SpanRedactor)];
        return again.Length == 0 ? null : new Again(again);
    }

    public override void OnStart(Activity data)
    {
        if (_tail is not null && data.Parent is null) _tail.Started(data);
        base.OnStart(data);
    }

    public override void OnEnd(Activity data)
    {
        if (!data.Recorded)
        {
            // Nobody exports it; whoever counts them may see it.
            _tail?.Ended(data, isWanted: false);
            base.OnEnd(data);
            return;
        }

        var isWanted = Process(_processors, data);
        if (!isWanted) data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        if (_tail is not null) _tail.Ended(data, isWanted);
        else if (isWanted) base.OnEnd(data);
    }

    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        _tail?.Flush();
        return base.OnForceFlush(timeoutMilliseconds);
    }

    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        _tail?.Close();
        _tail?.Dispose();
        return base.OnShutdown(timeoutMilliseconds);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _tail?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Whether every processor lets the span through.</summary>
    private static bool Process(SpanProcessor[] processors, Activity span)
    {
        foreach (var processor in processors)
        {
            try
            {
                if (processor.Process(span)) continue;
                TelemetryLosses.Count("traces", Component, NameOf(processor));
            }
            catch (Exception exception)
            {
                TelemetryLosses.Count("traces", Component, "failed");
                TelemetryErrors.Report(Diagnostic.SpanProcessorFailed, Component, $"{processor.GetType().Name} failed, and its span is dropped", "Correct the processor: it must not throw", exception);
            }

            return false;
        }

        return true;
    }

    private static string NameOf(SpanProcessor processor) => processor switch
    {
        RateLimit.SpanRateLimit => "rate_limited",
        Filter.SpanFilter => "filtered",
        _ => processor.GetType().Name,
    };

    /// <summary>What tail sampling kept, on whatever thread decided: nothing may be thrown there.</summary>
    private void Pass(Activity span)
    {
        try
        {
            base.OnEnd(span);
        }
        catch (Exception exception)
        {
            TelemetryLosses.Count("traces", TailDropReasons.Component, "failed");
            TelemetryErrors.Report(Diagnostic.SpanProcessorFailed, TailDropReasons.Component, "a processor of the application failed for a span that is kept", "Correct the processor: it must not throw", exception);
        }
    }

    /// <summary>A composite of the SDK begins with one at least.</summary>
    private sealed class First : BaseProcessor<Activity>;

    private sealed class Again(SpanProcessor[] processors) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.Recorded && !Process(processors, data)) data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
