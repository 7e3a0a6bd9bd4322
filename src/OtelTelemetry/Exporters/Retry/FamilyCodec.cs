using System.Diagnostics;
using OtelTelemetry.Delivery;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Retry;

/// <summary>Metric families as bytes, for the time they wait.</summary>
internal static class FamilyCodec
{
    public const string ContentType = "application/vnd.oteltelemetry.families";
    private const byte Layout = 1;

    public static byte[] Encode(IReadOnlyList<MetricFamily> families)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer);
        writer.Write(Layout);
        writer.Write7BitEncodedInt(families.Count);
        foreach (var family in families)
        {
            Write(writer, family.Descriptor);
            writer.Write7BitEncodedInt(family.Samples.Count);
            foreach (var sample in family.Samples) Write(writer, family.Descriptor.Kind, sample);
        }

        writer.Flush();
        return buffer.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no families, or those of another version.</exception>
    public static MetricFamily[] Decode(ReadOnlyMemory<byte> bytes)
    {
        using var reader = WaitingBytes.Read(bytes, Layout);
        try
        {
            return ReadMany(reader, static reader =>
            {
                var descriptor = ReadDescriptor(reader);
                return new MetricFamily(descriptor, ReadMany(reader, reader => ReadSample(reader, descriptor.Kind)));
            });
        }
        catch (Exception exception) when (WaitingBytes.IsDamage(exception))
        {
            throw WaitingBytes.Damaged(exception);
        }
    }

    private static void Write(BinaryWriter writer, MetricDescriptor descriptor)
    {
        writer.Write(descriptor.Name);
        writer.Write((byte)descriptor.Kind);
        writer.Write(descriptor.Unit);
        writer.Write(descriptor.Help);
        writer.WriteText(descriptor.Origin);
        writer.Write(descriptor.Scope.Name);
        writer.Write(descriptor.Scope.Version);
        Write(writer, descriptor.Scope.Attributes);
    }

    private static MetricDescriptor ReadDescriptor(BinaryReader reader)
    {
        var (name, kind, unit, help, origin) = (reader.ReadString(), (MetricKind)reader.ReadByte(), reader.ReadString(), reader.ReadString(), reader.ReadText());
        if (!Enum.IsDefined(kind)) throw new InvalidDataException("There is a metric of an unknown kind.");
        return new MetricDescriptor(name, kind, unit, help, new MetricScope(reader.ReadString(), reader.ReadString()) { Attributes = ReadPairs(reader) }) { Origin = origin };
    }

    private static void Write(BinaryWriter writer, MetricKind kind, MetricSample sample)
    {
        Write(writer, sample.Labels);
        switch (kind)
        {
            case MetricKind.Histogram:
                var histogram = sample.Histogram!;
                Write(writer, histogram.Bounds.AsSpan());
                Write(writer, histogram.BucketCounts.AsSpan());
                writer.Write(histogram.Sum);
                Write(writer, histogram.Exemplars.AsSpan());
                break;
            case MetricKind.ExponentialHistogram:
                var exponential = sample.ExponentialHistogram!;
                writer.Write(exponential.Scale);
                writer.Write(exponential.ZeroCount);
                writer.Write(exponential.PositiveOffset);
                Write(writer, exponential.PositiveCounts.AsSpan());
                writer.Write(exponential.Count);
                writer.Write(exponential.Sum);
                Write(writer, exponential.Exemplars.AsSpan());
                break;
            case MetricKind.Summary:
                var summary = sample.Summary!;
                Write(writer, summary.Quantiles.AsSpan());
                Write(writer, summary.Values.AsSpan());
                writer.Write(summary.Count);
                writer.Write(summary.Sum);
                break;
            default:
                writer.Write(sample.Value);
                Write(writer, sample.Exemplars.Count == 0 ? null : sample.Exemplars[0]);
                break;
        }
    }

    private static MetricSample ReadSample(BinaryReader reader, MetricKind kind)
    {
        var labels = ReadPairs(reader);
        return kind switch
        {
            MetricKind.Histogram => new MetricSample(labels, new HistogramSample(ReadNumbers(reader), ReadCounts(reader), reader.ReadDouble(), ReadMany(reader, ReadExemplar))),
            MetricKind.ExponentialHistogram => new MetricSample(labels, new ExponentialHistogramSample(
                reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt32(), ReadCounts(reader), reader.ReadInt64(), reader.ReadDouble(), ReadMany(reader, ReadExemplar).OfType<MetricExemplar>())),
            MetricKind.Summary => new MetricSample(labels, new SummarySample(ReadNumbers(reader), ReadNumbers(reader), reader.ReadInt64(), reader.ReadDouble())),
            _ => new MetricSample(labels, reader.ReadDouble(), ReadExemplar(reader)),
        };
    }

    private static void Write(BinaryWriter writer, IReadOnlyCollection<KeyValuePair<string, string>> pairs)
    {
        writer.Write7BitEncodedInt(pairs.Count);
        foreach (var (name, value) in pairs)
        {
            writer.Write(name);
            writer.Write(value);
        }
    }

    private static KeyValuePair<string, string>[] ReadPairs(BinaryReader reader) =>
        ReadMany(reader, static reader => KeyValuePair.Create(reader.ReadString(), reader.ReadString()));

    private static void Write(BinaryWriter writer, ReadOnlySpan<double> numbers)
    {
        writer.Write7BitEncodedInt(numbers.Length);
        foreach (var number in numbers) writer.Write(number);
    }

    private static double[] ReadNumbers(BinaryReader reader) => ReadMany(reader, static reader => reader.ReadDouble());

    private static void Write(BinaryWriter writer, ReadOnlySpan<long> counts)
    {
        writer.Write7BitEncodedInt(counts.Length);
        foreach (var count in counts) writer.Write(count);
    }

    private static long[] ReadCounts(BinaryReader reader) => ReadMany(reader, static reader => reader.ReadInt64());

    private static void Write(BinaryWriter writer, ReadOnlySpan<MetricExemplar?> exemplars)
    {
        writer.Write7BitEncodedInt(exemplars.Length);
        foreach (var exemplar in exemplars) Write(writer, exemplar);
    }

    private static void Write(BinaryWriter writer, MetricExemplar? exemplar)
    {
        writer.Write(exemplar is not null);
        if (exemplar is null) return;
        writer.Write(exemplar.Value);
        writer.Write(exemplar.Timestamp.UtcTicks);
        writer.Write(exemplar.TraceId.ToHexString());
        writer.Write(exemplar.SpanId.ToHexString());
    }

    private static MetricExemplar? ReadExemplar(BinaryReader reader) => !reader.ReadBoolean()
        ? null
        : new MetricExemplar(
            reader.ReadDouble(), new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero), ActivityTraceId.CreateFromString(reader.ReadString()), ActivitySpanId.CreateFromString(reader.ReadString()));

    private static T[] ReadMany<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var things = new T[reader.ReadCount()];
        for (var i = 0; i < things.Length; i++) things[i] = read(reader);
        return things;
    }
}
