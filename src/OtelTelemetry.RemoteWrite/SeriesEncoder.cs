using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.RemoteWrite;

/// <summary>
/// Encodes the series it visits as <c>prometheus.TimeSeries</c>, under the names a scrape would give them, labels sorted, all with one
/// timestamp. It pauses the reading as soon as a request is full. Not thread-safe.
/// </summary>
internal sealed class SeriesEncoder(
    RequestBatches requests, SeriesLedger ledger, TargetLabels target, LabelStyle plainLabels, string component, bool nativeHistograms, bool exemplars) : MetricVisitor
{
    // The fields of TimeSeries, Label, Sample, Exemplar, Histogram and BucketSpan.
    private const int LabelsField = 1;
    private const int SamplesField = 2;
    private const int ExemplarsField = 3;
    private const int HistogramsField = 4;

    private const string NameLabel = "__name__";

    private readonly ProtobufWriter _series = new(1024);
    private readonly NativeBuckets _buckets = new();
    private readonly List<(string Name, string Value)> _labels = [];
    private FamilyText _family = null!;
    private KeyValuePair<string, string>[] _scope = [];

    /// <summary>The moment of the export, in milliseconds since 1970.</summary>
    public long Timestamp { get; set; }

    /// <summary>How many series, in the meaning of the read model, were encoded.</summary>
    public long Encoded { get; private set; }

    /// <summary>Says whose series follow.</summary>
    public void Begin(FamilyText family)
    {
        _family = family;
        _scope = family.ScopeLabels.Length > 0 ? [.. ScopeLabelSet.Of(family.Descriptor.Scope)] : [];
    }

    /// <summary>Begins an export.</summary>
    public void Begin(long timestamp)
    {
        Timestamp = timestamp;
        Encoded = 0;
    }

    /// <inheritdoc/>
    public override bool VisitNumber(Series series, double value, MetricExemplar? exemplar)
    {
        SetLabels(series, _family.Labels, reserved: null);
        AddNumber(_family.SampleName, null, null, value, _family.Descriptor.Kind == MetricKind.Counter ? exemplar : null);
        return EndSeries();
    }

    /// <inheritdoc/>
    public override bool VisitHistogram(Series series, in HistogramView histogram)
    {
        SetLabels(series, _family.Labels, "le");
        var bounds = histogram.Bounds;
        var counts = histogram.BucketCounts;
        var bucket = _family.SampleName + "_bucket";
        var count = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            count += counts[i];
            var bound = i < bounds.Length ? bounds[i] : double.PositiveInfinity;
            AddNumber(bucket, "le", NumberText.Label(bound, openMetrics: false), count, i < histogram.Exemplars.Length ? histogram.Exemplars[i] : null);
        }

        AddSumAndCount(histogram.Sum, count);
        return EndSeries();
    }

    /// <inheritdoc/>
    public override bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram)
    {
        if (nativeHistograms && NativeBuckets.CanShow(histogram.Scale))
        {
            SetLabels(series, _family.Labels, reserved: null);
            AddNative(histogram);
            return EndSeries();
        }

        SetLabels(series, _family.Labels, "le");
        var bucket = _family.SampleName + "_bucket";
        var buckets = new PowerOfTwoBuckets(histogram);
        var previous = double.NegativeInfinity;
        while (buckets.MoveNext())
        {
            AddNumber(bucket, "le", NumberText.Label(buckets.Bound, openMetrics: false), buckets.Count, Between(histogram.Exemplars, previous, buckets.Bound));
            previous = buckets.Bound;
        }

        AddSumAndCount(histogram.Sum, buckets.Total);
        return EndSeries();
    }

    /// <inheritdoc/>
    public override bool VisitSummary(Series series, in SummaryView summary)
    {
        SetLabels(series, _family.Labels, "quantile");
        for (var i = 0; i < summary.Quantiles.Length; i++)
        {
            AddNumber(_family.SampleName, "quantile", NumberText.Label(summary.Quantiles[i], openMetrics: false), summary.Values[i], null);
        }

        AddSumAndCount(summary.Sum, summary.Count);
        return EndSeries();
    }

    /// <summary>Encodes <c>target_info</c>.</summary>
    public void AddTargetInfo()
    {
        _scope = [];
        SetLabels(target.Information, plainLabels, reserved: null);
        AddNumber("target_info", null, null, 1, null);
    }

    /// <summary>Ends series: what reads them sees at once that they are gone.</summary>
    public void AddStale(byte[] labels, bool isNative)
    {
        _series.Truncate(0);
        _series.WriteRaw(labels);
        if (isNative) WriteHistogram(null, 0, 0, SpecialValues.Stale);
        else WriteSample(SpecialValues.Stale);
        requests.AddSeries(_series.Written);
    }

    private bool EndSeries()
    {
        Encoded++;
        return !requests.HasFull;
    }

    private void AddSumAndCount(double sum, long count)
    {
        AddNumber(_family.SampleName + "_sum", null, null, sum, null);
        AddNumber(_family.SampleName + "_count", null, null, count, null);
    }

    private void AddNumber(string name, string? extraName, string? extraValue, double value, MetricExemplar? exemplar)
    {
        WriteLabels(name, extraName, extraValue);
        if (!Enter(isNative: false)) return;
        WriteSample(SpecialValues.Measured(value));
        if (exemplar is not null && exemplars) Write(exemplar);
        AddToRequest();
    }

    private void AddNative(in ExponentialHistogramView histogram)
    {
        WriteLabels(_family.SampleName, null, null);
        if (!Enter(isNative: true)) return;
        if (exemplars)
        {
            // Prometheus keeps those that are not older than the one before.
            foreach (var exemplar in histogram.Exemplars.ToArray().OfType<MetricExemplar>().OrderBy(one => one.Timestamp)) Write(exemplar);
        }

        _buckets.Set(histogram.Scale, histogram.PositiveOffset, histogram.PositiveCounts);
        // What is neither zero nor in a positive bucket is not above zero: the buckets must add up to the count.
        var count = Math.Max(histogram.Count, _buckets.Count + histogram.ZeroCount);
        WriteHistogram(_buckets, count, count - _buckets.Count, SpecialValues.Measured(histogram.Sum));
        AddToRequest();
    }

    private bool Enter(bool isNative)
    {
        if (ledger.Enter(_series.Written, isNative)) return true;
        TelemetryLosses.Count("metrics", component, "duplicate_series");
        return false;
    }

    private void AddToRequest()
    {
        if (!requests.AddSeries(_series.Written)) TelemetryLosses.Count("metrics", component, "too_large");
    }

    private static MetricExemplar? Between(ReadOnlySpan<MetricExemplar?> exemplars, double above, double upTo)
    {
        foreach (var exemplar in exemplars)
        {
            if (exemplar is not null && exemplar.Value > above && exemplar.Value <= upTo) return exemplar;
        }

        return null;
    }

    private void SetLabels(Series series, LabelStyle style, string? reserved)
    {
        _labels.Clear();
        foreach (var (name, _, value) in style.Resolve(series, reserved, out _))
        {
            // To Prometheus an empty label is none.
            if (value.Length > 0) _labels.Add((name, ExportableText.Of(value)));
        }

        foreach (var (name, value) in _scope) _labels.Add((name, ExportableText.Of(value)));
        target.AddTo(_labels);
        _labels.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
    }

    private void WriteLabels(string name, string? extraName, string? extraValue)
    {
        _series.Truncate(0);
        var named = false;
        var extra = extraName is null;
        foreach (var label in _labels)
        {
            if (!named && string.CompareOrdinal(NameLabel, label.Name) < 0)
            {
                WriteLabel(NameLabel, name);
                named = true;
            }

            if (!extra && string.CompareOrdinal(extraName, label.Name) < 0)
            {
                WriteLabel(extraName!, extraValue!);
                extra = true;
            }

            WriteLabel(label.Name, label.Value);
        }

        if (!named) WriteLabel(NameLabel, name);
        if (!extra) WriteLabel(extraName!, extraValue!);
    }

    private void WriteLabel(string name, string value)
    {
        var label = _series.Begin(LabelsField);
        _series.WriteString(1, name);
        _series.WriteString(2, value);
        _series.End(label);
    }

    private void WriteSample(double value)
    {
        var sample = _series.Begin(SamplesField);
        _series.WriteDouble(1, value);
        _series.WriteInt64(2, Timestamp);
        _series.End(sample);
    }

    private void Write(MetricExemplar exemplar)
    {
        var message = _series.Begin(ExemplarsField);
        // Sorted by name, as all labels.
        WriteLabel("span_id", exemplar.SpanId.ToHexString());
        WriteLabel("trace_id", exemplar.TraceId.ToHexString());
        _series.WriteDouble(2, exemplar.Value);
        _series.WriteInt64(3, Math.Max(0, exemplar.Timestamp.ToUnixTimeMilliseconds()));
        _series.End(message);
    }

    private void WriteHistogram(NativeBuckets? buckets, long count, long zeroCount, double sum)
    {
        var message = _series.Begin(HistogramsField);
        _series.WriteUInt64Always(1, (ulong)count);
        _series.WriteDouble(3, sum);
        _series.WriteSInt(4, buckets?.Schema ?? 0);
        _series.WriteUInt64Always(6, (ulong)zeroCount);
        if (buckets is not null)
        {
            foreach (var (offset, length) in buckets.Spans)
            {
                var span = _series.Begin(11);
                _series.WriteSInt(1, offset);
                _series.WriteInt64(2, length);
                _series.End(span);
            }

            _series.WritePackedSInts(12, buckets.Deltas);
        }

        _series.WriteInt64(15, Timestamp);
        _series.End(message);
    }
}
