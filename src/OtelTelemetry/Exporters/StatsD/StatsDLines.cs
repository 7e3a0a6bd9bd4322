using System.Buffers;
using System.Globalization;
using System.Text;
using OtelTelemetry.Exporters.Deltas;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.StatsD;

/// <summary>Writes metrics as lines into packets. Used by one export at a time.</summary>
internal sealed class StatsDLines : DeltaVisitor
{
    private readonly StatsDPackets _packets;
    private readonly StatsDText _text;
    private readonly StatsDDialect _dialect;
    private readonly string _prefix;
    private readonly KeyValuePair<string, string>[] _tags;
    private readonly StringBuilder _line = new();
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public StatsDLines(StatsDExporterOptions options, string exporter, StatsDPackets packets, SeriesDeltas deltas)
        : base(deltas, options.Quantiles, exporter)
    {
        _packets = packets;
        _dialect = options.Dialect;
        _text = new StatsDText(options.Dialect);
        _prefix = options.Prefix.TrimEnd('.');
        _tags = [.. options.Tags];
    }

    protected override bool GoOn => !_packets.HasFull;

    protected override void AddCount(Series series, string part, SeriesDelta delta)
    {
        Start();
        Append(series, part, delta.Value, 'c');
        Finish(delta);
    }

    protected override void AddGauge(Series series, string part, double value)
    {
        Start();
        // Etsy's server takes a number with a sign for a change, so a negative gauge is set to zero before; in one packet, so that none comes between.
        if (_dialect == StatsDDialect.Etsy && double.IsNegative(value) && value != 0)
        {
            Append(series, part, 0, 'g');
            _line.Append('\n');
        }

        Append(series, part, value == 0 ? 0 : value, 'g');
        Finish(null);
    }

    private void Start() => _line.Clear();

    private void Append(Series series, string part, double value, char type)
    {
        if (_prefix.Length > 0)
        {
            StatsDText.AppendName(_line, _prefix);
            _line.Append('.');
        }

        StatsDText.AppendName(_line, Metric.Name);
        if (part.Length > 0) _line.Append('.').Append(part);
        if (_dialect == StatsDDialect.Etsy) AppendLabels(series);
        _line.Append(':').Append(CultureInfo.InvariantCulture, $"{value:R}").Append('|').Append(type);
        if (_dialect == StatsDDialect.DogStatsD) AppendLabels(series);
    }

    private void AppendLabels(Series series)
    {
        var isFirst = true;
        foreach (var (name, value) in _tags) isFirst &= !_text.AppendLabel(_line, name, value, isFirst);
        for (var i = 0; i < series.LabelCount; i++)
        {
            var (name, value) = series.GetLabel(i);
            isFirst &= !_text.AppendLabel(_line, name, value, isFirst);
        }
    }

    private void Finish(SeriesDelta? delta)
    {
        _bytes.ResetWrittenCount();
        foreach (var chunk in _line.GetChunks()) Encoding.UTF8.GetBytes(chunk.Span, _bytes);
        if (!_packets.Add(_bytes.WrittenSpan, delta)) CountLoss("too_large");
    }
}
