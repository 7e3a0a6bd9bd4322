using OtelTelemetry.Metrics;

namespace OtelTelemetry.Benchmarks;

/// <summary>Each operation of the facade against the raw OpenTelemetry call that does the same.</summary>
internal sealed class RatioBenchmarks : IDisposable
{
    private const int BoundSeries = 64;
    private const int LabelledSeries = 1000;

    private static readonly Dictionary<string, Func<RatioBenchmarks, string, BenchmarkResult>> s_cases = new()
    {
        ["bound counter"] = (all, name) => all.BoundCounter(name, new BenchmarkInputs(BoundSeries)),
        ["bound counter, all cores"] = (all, name) => all.SharedCounter(name, Environment.ProcessorCount),
        ["labelled counter"] = (all, name) => all.LabelledCounter(name, inputs => inputs.Labels),
        ["labelled counter, fresh strings"] = (all, name) => all.LabelledCounter(name, inputs => inputs.FreshLabels),
        ["typed counter"] = (all, name) => TypedBenchmarks.Counter(name, all._raw, all._metrics),
        ["typed counter, with a string"] = (all, name) => TypedBenchmarks.CounterWithText(name, all._raw, all._metrics),
        ["bound gauge"] = (all, name) => all.BoundGauge(name, new BenchmarkInputs(BoundSeries)),
        ["bound histogram"] = (all, name) => all.BoundHistogram(name, all._metrics, new BenchmarkInputs(BoundSeries)),
        ["labelled histogram"] = (all, name) => all.LabelledHistogram(name, new BenchmarkInputs(LabelledSeries)),
        ["bound histogram, SDK listening"] = (all, name) => all.BoundHistogramHeard(name, new BenchmarkInputs(BoundSeries)),
        ["by name"] = (all, name) => CollectorBenchmarks.Direct(name, all._raw, all._metrics, tagsOneByOne: false),
        ["by name, tags one by one"] = (all, name) => CollectorBenchmarks.Direct(name, all._raw, all._metrics, tagsOneByOne: true),
        ["by name, through no collector"] = Through,
        ["by name, aggregating"] = Through,
        ["by name, sampling 0.5"] = Through,
        ["by name, rate limited"] = Through,
        ["by name, batch"] = Through,
        ["by name, all four"] = Through,
        ["other library's counter, label mapped"] = (all, name) => all.RelayedCounter(name, new BenchmarkInputs(LabelledSeries)),
        ["other library's histogram, label mapped"] = (all, name) => all.RelayedHistogram(name, new BenchmarkInputs(LabelledSeries)),
        ["series memory"] = (_, name) => SeriesMemory.Measure(name),
        ["traced method"] = (_, name) => MethodBenchmarks.Traced(name),
        ["traced method, nobody listening"] = (_, name) => MethodBenchmarks.Unheard(name),
        ["counted method"] = (all, name) => MethodBenchmarks.Counted(name, all._metrics),
        ["span"] = (_, name) => SpanBenchmark.Measure(name),
        ["span, as a block"] = (_, name) => SpanBenchmark.MeasureBlock(name),
        ["span, remote parent"] = (_, name) => SpanBenchmark.MeasureRemoteParent(name),
        ["observation: span and histogram"] = (all, name) => SpanBenchmark.MeasureObservation(name, all._raw, all._metrics),
        ["extract W3C"] = (_, name) => PropagationBenchmark.Extract(name, "tracecontext", "baggage"),
        ["extract B3 and baggage"] = (_, name) => PropagationBenchmark.Extract(name, "b3", "baggage"),
        ["inject W3C"] = (_, name) => PropagationBenchmark.Inject(name, "tracecontext", "baggage"),
        ["inject B3 and baggage"] = (_, name) => PropagationBenchmark.Inject(name, "b3", "baggage"),
        ["limiter, refuses"] = Sampling,
        ["limiter, admits"] = Sampling,
        ["sampler, limit refuses"] = Sampling,
        ["sampler, limit admits"] = Sampling,
        ["sampler, consistent rate"] = Sampling,
        ["sampler, consistent rate of a caller"] = Sampling,
        ["sampler, five rules"] = Sampling,
        ["span, tail sampling"] = Sampling,
    };

    private readonly RawSdk _raw = new("benchmark.raw");
    private readonly MetricsCollector _metrics = new(new MetricsCollectorOptions { Namespace = "bench", Registry = new MetricsRegistry() });

    public void Dispose()
    {
        _metrics.Dispose();
        _raw.Dispose();
    }

    /// <summary>The cases whose name contains the filter.</summary>
    internal static IEnumerable<string> Names(string filter) => s_cases.Keys.Where(name => name.Contains(filter, StringComparison.Ordinal));

    private static BenchmarkResult Sampling(RatioBenchmarks all, string name) => SamplingBenchmarks.Measure(name);

    private static BenchmarkResult Through(RatioBenchmarks all, string name) => CollectorBenchmarks.Through(name, all._raw, all._metrics);

    internal BenchmarkResult Run(string name) => s_cases[name](this, name);

    private BenchmarkResult BoundCounter(string name, BenchmarkInputs inputs)
    {
        var raw = _raw.Meter.CreateCounter<long>("raw_bound_counter");
        var ours = _metrics.CreateCounter("bound_counter", "", "method", "route", "status");
        var tags = inputs.Combinations.Select(BenchmarkInputs.Tags).ToArray();
        var handles = inputs.Combinations.Select(labels => ours.With(labels)).ToArray();
        var sequence = inputs.Sequence;
        return new PairedBenchmark(
            name,
            operations =>
            {
                for (var i = 0; i < operations; i++)
                {
                    var t = tags[sequence[i & BenchmarkInputs.Mask]];
                    raw.Add(1, t[0], t[1], t[2]);
                }
            },
            operations =>
            {
                for (var i = 0; i < operations; i++) handles[sequence[i & BenchmarkInputs.Mask]].Inc();
            }).Run();
    }

    private BenchmarkResult SharedCounter(string name, int threads)
    {
        var raw = _raw.Meter.CreateCounter<long>("raw_shared_counter");
        var ours = _metrics.CreateCounter("shared_counter", "", "method", "route", "status");
        string[] labels = ["GET", "/api/v1/resource", "200"];
        var t = BenchmarkInputs.Tags(labels);
        var handle = ours.With(labels);
        return new PairedBenchmark(
            name,
            operations =>
            {
                for (var i = 0; i < operations; i++) raw.Add(1, t[0], t[1], t[2]);
            },
            operations =>
            {
                for (var i = 0; i < operations; i++) handle.Inc();
            }) { Threads = threads }.Run();
    }

    private BenchmarkResult LabelledCounter(string name, Func<BenchmarkInputs, string[]> labelsOf)
    {
        var inputs = new BenchmarkInputs(LabelledSeries);
        var sequence = labelsOf(inputs);
        var identifier = name.Replace(",", "", StringComparison.Ordinal).Replace(' ', '_');
        var raw = _raw.Meter.CreateCounter<long>("raw_" + identifier);
        var ours = _metrics.CreateCounter(identifier, "", "method", "route", "status");
        // All series are there before; none was made by a string of the sequence that is to be fresh.
        foreach (var values in inputs.Combinations)
        {
            raw.Add(1, BenchmarkInputs.Tags(values));
            ours.Inc(values.AsSpan());
        }

        return new PairedBenchmark(
            name,
            operations =>
            {
                for (var i = 0; i < operations; i++)
                {
                    var labels = sequence.AsSpan((i & BenchmarkInputs.Mask) * 3, 3);
                    raw.Add(1, new("method", labels[0]), new("route", labels[1]), new("status", labels[2]));
                }
            },
            operations =>
            {
                for (var i = 0; i < operations; i++)
                {
                    var labels = sequence.AsSpan((i & BenchmarkInputs.Mask) * 3, 3);
                    ours.Inc(labels[0], labels[1], labels[2]);
                }
            }).Run();
    }

    private BenchmarkResult BoundGauge(string name, BenchmarkInputs inputs)
    {
        var raw = _raw.Meter.CreateGauge<double>("raw_gauge");
        var ours = _metrics.CreateGauge("gauge", "", "method", "route", "status");
        var tags = inputs.Combinations.Select(BenchmarkInputs.Tags).ToArray();
        var handles = inputs.Combinations.Select(labels => ours.With(labels)).ToArray();
        var sequence = inputs.Sequence;
        var values = inputs.Values;
        return new PairedBenchmark(
            name,
            operations =>
            {
                for (var i = 0; i < operations; i++)
                {
                    var t = tags[sequence[i & BenchmarkInputs.Mask]];
                    raw.Record(values[i & BenchmarkInputs.Mask], t[0], t[1], t[2]);
                }
            },
            operations =>
            {
                for (var i = 0; i < operations; i++) handles[sequence[i & BenchmarkInputs.Mask]].Set(values[i & BenchmarkInputs.Mask]);
            }).Run();
    }

    // Both have listeners: the raw histogram always, ours through a provider of its own.
    private BenchmarkResult BoundHistogramHeard(string name, BenchmarkInputs inputs)
    {
        using var metrics = new MetricsCollector(new MetricsCollectorOptions { Namespace = "heard", Registry = new MetricsRegistry() });
        using var listener = new RawSdk(metrics.MeterName);
        return BoundHistogram(name, metrics, inputs);
    }

    private BenchmarkResult BoundHistogram(string name, MetricsCollector metrics, BenchmarkInputs inputs)
    {
        var raw = _raw.CreateHistogram("raw_histogram_" + metrics.Namespace);
        var ours = metrics.CreateHistogram("histogram", "", "method", "route", "status");
        var tags = inputs.Combinations.Select(BenchmarkInputs.Tags).ToArray();
        var handles = inputs.Combinations.Select(labels => ours.With(labels)).ToArray();
        var sequence = inputs.Sequence;
        var values = inputs.Values;
        return new PairedBenchmark(
            name,
            operations =>
            {
                for (var i = 0; i < operations; i++)
                {
                    var t = tags[sequence[i & BenchmarkInputs.Mask]];
                    raw.Record(values[i & BenchmarkInputs.Mask], t[0], t[1], t[2]);
                }
            },
            operations =>
            {
                for (var i = 0; i < operations; i++) handles[sequence[i & BenchmarkInputs.Mask]].Observe(values[i & BenchmarkInputs.Mask]);
            }).Run();
    }

    /// <summary>A counter of another library whose route is mapped to a few values, against the same counter without a rule.</summary>
    private BenchmarkResult RelayedCounter(string name, BenchmarkInputs inputs)
    {
        using var ruled = new RuledSdk("benchmark.ruled");
        var raw = _raw.Meter.CreateCounter<long>("raw_mapped_counter");
        var subject = ruled.Meter.CreateCounter<long>("mapped_counter");
        return new PairedBenchmark(name, operations => Add(raw, inputs, operations), operations => Add(subject, inputs, operations)).Run();

        static void Add(System.Diagnostics.Metrics.Counter<long> counter, BenchmarkInputs inputs, int operations)
        {
            var sequence = inputs.Labels;
            for (var i = 0; i < operations; i++)
            {
                var labels = sequence.AsSpan((i & BenchmarkInputs.Mask) * 3, 3);
                counter.Add(1, new("method", labels[0]), new("route", labels[1]), new("status", labels[2]));
            }
        }
    }

    private BenchmarkResult RelayedHistogram(string name, BenchmarkInputs inputs)
    {
        using var ruled = new RuledSdk("benchmark.ruled");
        var raw = _raw.CreateHistogram("raw_mapped_histogram");
        var subject = RawSdk.CreateHistogram(ruled.Meter, "mapped_histogram");
        return new PairedBenchmark(name, operations => Record(raw, inputs, operations), operations => Record(subject, inputs, operations)).Run();

        static void Record(System.Diagnostics.Metrics.Histogram<double> histogram, BenchmarkInputs inputs, int operations)
        {
            var sequence = inputs.Labels;
            var values = inputs.Values;
            for (var i = 0; i < operations; i++)
            {
                var labels = sequence.AsSpan((i & BenchmarkInputs.Mask) * 3, 3);
                histogram.Record(values[i & BenchmarkInputs.Mask], new("method", labels[0]), new("route", labels[1]), new("status", labels[2]));
            }
        }
    }

    private BenchmarkResult LabelledHistogram(string name, BenchmarkInputs inputs)
    {
        var raw = _raw.CreateHistogram("raw_labelled_histogram");
        var ours = _metrics.CreateHistogram("labelled_histogram", "", "method", "route", "status");
        var values = inputs.Values;
        var sequence = inputs.Labels;
        return new PairedBenchmark(
            name,
            operations =>
            {
                for (var i = 0; i < operations; i++)
                {
                    var labels = sequence.AsSpan((i & BenchmarkInputs.Mask) * 3, 3);
                    raw.Record(values[i & BenchmarkInputs.Mask], new("method", labels[0]), new("route", labels[1]), new("status", labels[2]));
                }
            },
            operations =>
            {
                for (var i = 0; i < operations; i++)
                {
                    var labels = sequence.AsSpan((i & BenchmarkInputs.Mask) * 3, 3);
                    ours.Observe(values[i & BenchmarkInputs.Mask], labels[0], labels[1], labels[2]);
                }
            }).Run();
    }

}
