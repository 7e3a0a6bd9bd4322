using System.Text.Encodings.Web;
using System.Text.Json;
using OtelTelemetry.Exporters.Deltas;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Datadog;

/// <summary>Writes metrics as Datadog's series into a batch. Used by one export at a time.</summary>
internal sealed class DatadogSeries : DeltaVisitor, IDisposable
{
    private readonly DatadogBatch _batch;
    private readonly Utf8JsonWriter _json;
    private readonly DatadogApi _api;
    private readonly int _mark;
    private readonly string _prefix;
    private readonly string _host;
    private readonly string[] _tags;
    private readonly long _interval;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private string? _unit;
    private long _timestamp;

    /// <summary>Makes one.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="context">Says what the resource is.</param>
    /// <param name="exporter">The exporter's name.</param>
    /// <param name="batch">Where to write.</param>
    /// <param name="deltas">What was sent.</param>
    /// <param name="mark">After how many bytes the batch is to be sent.</param>
    public DatadogSeries(DatadogExporterOptions options, ExporterContext context, string exporter, DatadogBatch batch, SeriesDeltas deltas, int mark)
        : base(deltas, options.Quantiles, exporter)
    {
        _batch = batch;
        _mark = mark;
        // What is safe in HTML as well is of no use here, and longer.
        _json = new Utf8JsonWriter(batch.Writer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _api = options.Api;
        _prefix = options.Prefix.TrimEnd('.');
        _host = options.Host ?? context.Resource.GetValueOrDefault("host.name")?.ToString() ?? Environment.MachineName;
        _tags = DatadogTags.Constant(options.Tags, context.Resource);
        _interval = Math.Max(1, (long)Math.Round(options.Interval.TotalSeconds));
    }

    protected override bool GoOn => _batch.Length < _mark;

    /// <summary>Begins an export.</summary>
    public void BeginExport(long timestamp) => _timestamp = timestamp;

    public void Dispose() => _json.Dispose();

    protected override void OnBegin()
    {
        _unit = DatadogUnits.Of(Metric.Unit);
        _names.Clear();
    }

    protected override void AddCount(Series series, string part, SeriesDelta delta) => Write(series, part, delta.Value, isCount: true, delta);

    protected override void AddGauge(Series series, string part, double value) => Write(series, part, value, isCount: false, null);

    private void Write(Series series, string part, double value, bool isCount, SeriesDelta? delta)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("metric", NameOf(part));
        if (_api == DatadogApi.V1) _json.WriteString("type", isCount ? "count" : "gauge");
        else _json.WriteNumber("type", isCount ? 1 : 3);
        if (isCount) _json.WriteNumber("interval", _interval);
        WritePoint(value);
        WriteTags(series);
        if (_host.Length > 0) WriteHost();
        if (_api == DatadogApi.V2 && _unit is not null && part != "count") _json.WriteString("unit", _unit);
        _json.WriteEndObject();
        _json.Flush();
        _batch.Complete(delta);
    }

    private void WritePoint(double value)
    {
        _json.WriteStartArray("points");
        if (_api == DatadogApi.V1)
        {
            _json.WriteStartArray();
            _json.WriteNumberValue(_timestamp);
            _json.WriteNumberValue(value);
            _json.WriteEndArray();
        }
        else
        {
            _json.WriteStartObject();
            _json.WriteNumber("timestamp", _timestamp);
            _json.WriteNumber("value", value);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteTags(Series series)
    {
        _json.WriteStartArray("tags");
        foreach (var tag in _tags) _json.WriteStringValue(tag);
        for (var i = 0; i < series.LabelCount; i++)
        {
            var (name, value) = series.GetLabel(i);
            // A tag without a value is none.
            if (value.Length > 0) _json.WriteStringValue(DatadogTags.Of(name, value));
        }

        _json.WriteEndArray();
    }

    private void WriteHost()
    {
        if (_api == DatadogApi.V1)
        {
            _json.WriteString("host", _host);
            return;
        }

        _json.WriteStartArray("resources");
        _json.WriteStartObject();
        _json.WriteString("name", _host);
        _json.WriteString("type", "host");
        _json.WriteEndObject();
        _json.WriteEndArray();
    }

    private string NameOf(string part)
    {
        if (_names.TryGetValue(part, out var name)) return name;
        return _names[part] = DatadogTags.Name(_prefix, part.Length == 0 ? Metric.Name : $"{Metric.Name}.{part}");
    }
}
