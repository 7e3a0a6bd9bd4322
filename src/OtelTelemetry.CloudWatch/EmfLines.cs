using System.Buffers;
using System.Text.Json;
using OtelTelemetry.Exporters.Deltas;

namespace OtelTelemetry.Exporters.CloudWatch;

/// <summary>Writes metrics as lines in CloudWatch's embedded metric format. Used by one export at a time.</summary>
internal sealed class EmfLines : CloudWatchVisitor, IDisposable
{
    /// <summary>The most values of a metric in one line (embedded metric format specification).</summary>
    public const int MaxValues = 100;

    private const int Mark = 64 * 1024;
    private const string Reserved = "_aws";

    // A histogram has its own form, so only summaries have quantiles.
    private static readonly double[] s_none = [];
    private readonly ArrayBufferWriter<byte> _bytes = new(Mark);
    private readonly List<SeriesDelta> _pending = [];
    private readonly Utf8JsonWriter _json;
    private readonly string _namespace;
    private readonly int _storageResolution;
    private long _timestamp;

    public EmfLines(EmfExporterOptions options, string ns, string exporter, SeriesDeltas deltas)
        : base(deltas, s_none, exporter, options.Dimensions, options.Histograms, MaxValues)
    {
        _json = new Utf8JsonWriter(_bytes);
        _namespace = ns;
        _storageResolution = options.StorageResolution;
    }

    /// <summary>How many lines there are.</summary>
    public int LineCount { get; private set; }

    /// <summary>The lines, each with its line feed.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    protected override bool GoOn => _bytes.WrittenCount < Mark;

    /// <summary>Begins an export.</summary>
    public void BeginExport(DateTimeOffset now)
    {
        Clear();
        _timestamp = now.ToUnixTimeMilliseconds();
    }

    /// <summary>The lines were written.</summary>
    public void Commit()
    {
        foreach (var delta in _pending) delta.Commit();
        Clear();
    }

    public void Dispose() => _json.Dispose();

    protected override void Write(string name, string unit, IReadOnlyList<CloudWatchValue> values, SeriesDelta? first, SeriesDelta? second)
    {
        foreach (var value in values) WriteLine(name, unit, value);
        if (first is { } one) _pending.Add(one);
        if (second is { } two) _pending.Add(two);
    }

    private void WriteLine(string name, string unit, CloudWatchValue value)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteStartObject(Reserved);
        _json.WriteNumber("Timestamp", _timestamp);
        _json.WriteStartArray("CloudWatchMetrics");
        _json.WriteStartObject();
        _json.WriteString("Namespace", _namespace);
        _json.WriteStartArray("Dimensions");
        _json.WriteStartArray();
        foreach (var (dimension, _) in Dimensions) _json.WriteStringValue(MemberOf(dimension, name));
        _json.WriteEndArray();
        _json.WriteEndArray();
        _json.WriteStartArray("Metrics");
        _json.WriteStartObject();
        _json.WriteString("Name", name);
        _json.WriteString("Unit", unit);
        if (_storageResolution == 1) _json.WriteNumber("StorageResolution", 1);
        _json.WriteEndObject();
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.WriteEndArray();
        _json.WriteEndObject();
        foreach (var (dimension, text) in Dimensions) _json.WriteString(MemberOf(dimension, name), text);
        _json.WritePropertyName(name);
        WriteValue(value);
        _json.WriteEndObject();
        _json.Flush();
        _bytes.Write("\n"u8);
        LineCount++;
    }

    private void WriteValue(CloudWatchValue value)
    {
        if (value is { Distribution: null, Statistics: null })
        {
            _json.WriteNumberValue(value.Number);
            return;
        }

        _json.WriteStartObject();
        if (value.Distribution is { } distribution)
        {
            _json.WriteStartArray("Values");
            foreach (var (one, _) in distribution) _json.WriteNumberValue(one);
            _json.WriteEndArray();
            _json.WriteStartArray("Counts");
            foreach (var (_, count) in distribution) _json.WriteNumberValue(count);
            _json.WriteEndArray();
            WriteStatistics(new(distribution.Sum(one => one.Count), distribution.Sum(one => one.Value * one.Count), distribution[0].Value, distribution[^1].Value));
        }
        else if (value.Statistics is { } statistics)
        {
            WriteStatistics(statistics);
        }

        _json.WriteEndObject();
    }

    private void WriteStatistics(CloudWatchStatistics statistics)
    {
        _json.WriteNumber("Max", statistics.Maximum);
        _json.WriteNumber("Min", statistics.Minimum);
        _json.WriteNumber("Count", statistics.Count);
        _json.WriteNumber("Sum", statistics.Sum);
    }

    // A dimension is a member beside the metric's, so it cannot have its name.
    private static string MemberOf(string dimension, string metric) => dimension == metric || dimension == Reserved ? dimension + "_" : dimension;

    private void Clear()
    {
        _bytes.ResetWrittenCount();
        _pending.Clear();
        LineCount = 0;
    }
}
