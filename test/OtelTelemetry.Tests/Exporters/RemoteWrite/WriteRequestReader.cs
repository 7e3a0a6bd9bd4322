using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace OtelTelemetry.Tests.Exporters.RemoteWrite;

/// <summary>Reads <c>prometheus.WriteRequest</c> field by field, knowing nothing of how it was written. Unknown fields are an error.</summary>
internal static class WriteRequestReader
{
    public static WriteRequest Read(byte[] bytes)
    {
        var request = new WriteRequest([], []);
        foreach (var (field, _, value, part) in Fields(bytes))
        {
            _ = value;
            if (field == 1) request.Series.Add(ReadSeries(part));
            else if (field == 3) request.Metadata.Add(ReadMetadata(part));
            else throw new InvalidDataException($"WriteRequest has no field {field}.");
        }

        return request;
    }

    private static WrittenSeries ReadSeries(byte[] bytes)
    {
        var series = new WrittenSeries([], [], [], []);
        foreach (var (field, _, _, part) in Fields(bytes))
        {
            if (field == 1) series.Labels.Add(ReadLabel(part));
            else if (field == 2) series.Samples.Add(ReadSample(part));
            else if (field == 3) series.Exemplars.Add(ReadExemplar(part));
            else if (field == 4) series.Histograms.Add(ReadHistogram(part));
            else throw new InvalidDataException($"TimeSeries has no field {field}.");
        }

        return series;
    }

    private static (string Name, string Value) ReadLabel(byte[] bytes)
    {
        var (name, value) = ("", "");
        foreach (var (field, _, _, part) in Fields(bytes))
        {
            if (field == 1) name = Encoding.UTF8.GetString(part);
            else value = Encoding.UTF8.GetString(part);
        }

        return (name, value);
    }

    private static (double Value, long Timestamp) ReadSample(byte[] bytes)
    {
        var (value, timestamp) = (0d, 0L);
        foreach (var (field, _, number, _) in Fields(bytes))
        {
            if (field == 1) value = BitConverter.UInt64BitsToDouble(number);
            else timestamp = (long)number;
        }

        return (value, timestamp);
    }

    private static WrittenExemplar ReadExemplar(byte[] bytes)
    {
        var labels = new List<(string, string)>();
        var (value, timestamp) = (0d, 0L);
        foreach (var (field, _, number, part) in Fields(bytes))
        {
            if (field == 1) labels.Add(ReadLabel(part));
            else if (field == 2) value = BitConverter.UInt64BitsToDouble(number);
            else timestamp = (long)number;
        }

        return new WrittenExemplar(labels, value, timestamp);
    }

    private static WrittenHistogram ReadHistogram(byte[] bytes)
    {
        var histogram = new WrittenHistogram([], []);
        foreach (var (field, _, number, part) in Fields(bytes))
        {
            switch (field)
            {
                case 1: histogram.Count = number; break;
                case 3: histogram.Sum = BitConverter.UInt64BitsToDouble(number); break;
                case 4: histogram.Schema = (int)Signed(number); break;
                case 6: histogram.ZeroCount = number; break;
                case 11: histogram.Spans.Add(ReadSpan(part)); break;
                case 12: histogram.Deltas.AddRange(Varints(part).Select(Signed)); break;
                case 15: histogram.Timestamp = (long)number; break;
                default: throw new InvalidDataException($"No test expects field {field} of Histogram.");
            }
        }

        return histogram;
    }

    private static (int Offset, int Length) ReadSpan(byte[] bytes)
    {
        var (offset, length) = (0, 0);
        foreach (var (field, _, number, _) in Fields(bytes))
        {
            if (field == 1) offset = (int)Signed(number);
            else length = (int)number;
        }

        return (offset, length);
    }

    private static (int Type, string Family, string Help, string Unit) ReadMetadata(byte[] bytes)
    {
        var (type, family, help, unit) = (0, "", "", "");
        foreach (var (field, _, number, part) in Fields(bytes))
        {
            switch (field)
            {
                case 1: type = (int)number; break;
                case 2: family = Encoding.UTF8.GetString(part); break;
                case 4: help = Encoding.UTF8.GetString(part); break;
                case 5: unit = Encoding.UTF8.GetString(part); break;
                default: throw new InvalidDataException($"MetricMetadata has no field {field}.");
            }
        }

        return (type, family, help, unit);
    }

    private static long Signed(ulong number) => (long)(number >> 1) ^ -(long)(number & 1);

    private static IEnumerable<ulong> Varints(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;) yield return Varint(bytes, ref at);
    }

    private static IEnumerable<(int Field, int Type, ulong Number, byte[] Part)> Fields(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var tag = Varint(bytes, ref at);
            var (field, type) = ((int)(tag >> 3), (int)(tag & 7));
            switch (type)
            {
                case 0:
                    yield return (field, type, Varint(bytes, ref at), []);
                    break;
                case 1:
                    yield return (field, type, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at, 8)), []);
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(bytes, ref at);
                    yield return (field, type, 0, bytes[at..(at + length)]);
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {type} at {at}.");
            }
        }
    }

    private static ulong Varint(byte[] bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return value;
        }
    }
}

internal sealed record WriteRequest(List<WrittenSeries> Series, List<(int Type, string Family, string Help, string Unit)> Metadata)
{
    public int Count => Series.Count + Metadata.Count;
}

internal sealed record WrittenSeries(
    List<(string Name, string Value)> Labels, List<(double Value, long Timestamp)> Samples, List<WrittenExemplar> Exemplars, List<WrittenHistogram> Histograms)
{
    public string Name => Labels.Single(label => label.Name == "__name__").Value;

    public bool IsStale => Samples.Any(sample => Bits(sample.Value) == Stale) || Histograms.Any(histogram => Bits(histogram.Sum) == Stale);

    private const ulong Stale = 0x7ff0000000000002;

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    /// <summary>The series as a line of Prometheus text, its timestamp last.</summary>
    public override string ToString()
    {
        var labels = string.Join(",", Labels.Where(label => label.Name != "__name__").Select(label => $"{label.Name}=\"{label.Value}\""));
        var values = Samples.Select(sample => $"{(Bits(sample.Value) == Stale ? "stale" : sample.Value.ToString("R", CultureInfo.InvariantCulture))} @{sample.Timestamp}")
            .Concat(Histograms.Select(histogram => histogram.ToString()))
            .Concat(Exemplars.Select(exemplar => $"# {{{string.Join(",", exemplar.Labels.Select(label => $"{label.Name}=\"{label.Value}\""))}}} {exemplar.Value.ToString("R", CultureInfo.InvariantCulture)} @{exemplar.Timestamp}"));
        return $"{Name}{{{labels}}} {string.Join(" ", values)}";
    }
}

internal sealed record WrittenExemplar(List<(string Name, string Value)> Labels, double Value, long Timestamp);

internal sealed record WrittenHistogram(List<(int Offset, int Length)> Spans, List<long> Deltas)
{
    public ulong? Count { get; set; }

    public double Sum { get; set; }

    public int Schema { get; set; }

    public ulong? ZeroCount { get; set; }

    public long Timestamp { get; set; }

    /// <summary>The counts by Prometheus' bucket index.</summary>
    public IReadOnlyDictionary<int, long> Buckets()
    {
        var buckets = new Dictionary<int, long>();
        var (index, count, delta) = (0, 0L, 0);
        foreach (var (offset, length) in Spans)
        {
            index += offset;
            for (var i = 0; i < length; i++)
            {
                count += Deltas[delta++];
                if (count != 0) buckets[index] = count;
                index++;
            }
        }

        if (delta != Deltas.Count) throw new InvalidDataException($"The spans have {delta} buckets for {Deltas.Count} deltas.");
        return buckets;
    }

    public override string ToString() =>
        $"{{count={Count} sum={Sum.ToString("R", CultureInfo.InvariantCulture)} schema={Schema} zero={ZeroCount} spans=[{string.Join(",", Spans.Select(span => $"{span.Offset}:{span.Length}"))}] deltas=[{string.Join(",", Deltas)}]}} @{Timestamp}";
}
