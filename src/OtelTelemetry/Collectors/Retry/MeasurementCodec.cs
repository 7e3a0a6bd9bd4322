using System.Globalization;
using OtelTelemetry.Delivery;

namespace OtelTelemetry.Collectors.Retry;

/// <summary>
/// Measurements as bytes, for the time they wait. Values of metadata keep their kind where they are text, truth, whole numbers (which come
/// back as <see cref="long"/>) or others (<see cref="double"/>); anything else comes back as its text.
/// </summary>
internal static class MeasurementCodec
{
    public const string ContentType = "application/vnd.oteltelemetry.measurements";
    private const byte Layout = 1;

    private enum Kind : byte
    {
        Nothing,
        Text,
        Truth,
        Whole,
        Number,
    }

    public static byte[] Encode(ReadOnlySpan<Metric> batch)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer);
        writer.Write(Layout);
        writer.Write7BitEncodedInt(batch.Length);
        foreach (ref readonly var metric in batch) Write(writer, metric);
        writer.Flush();
        return buffer.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no measurements, or those of another version.</exception>
    public static Metric[] Decode(ReadOnlyMemory<byte> bytes)
    {
        using var reader = WaitingBytes.Read(bytes, Layout);
        try
        {
            var batch = new Metric[reader.ReadCount()];
            for (var i = 0; i < batch.Length; i++) batch[i] = Read(reader);
            return batch;
        }
        catch (Exception exception) when (WaitingBytes.IsDamage(exception))
        {
            throw WaitingBytes.Damaged(exception);
        }
    }

    private static void Write(BinaryWriter writer, in Metric metric)
    {
        writer.WriteText(metric.Name);
        writer.Write(metric.Value);
        writer.Write(metric.Timestamp.UtcTicks);
        writer.Write(metric.Weight);
        writer.Write(metric.Represents);
        writer.Write7BitEncodedInt(metric.Tags.Count);
        foreach (var (name, value) in metric.Tags)
        {
            writer.Write(name);
            writer.Write(value);
        }

        var metadata = metric.Metadata;
        writer.Write(metadata is not null);
        if (metadata is null) return;
        writer.Write7BitEncodedInt(metadata.Count);
        foreach (var (name, value) in metadata)
        {
            writer.Write(name);
            WriteValue(writer, value);
        }
    }

    private static Metric Read(BinaryReader reader)
    {
        var name = reader.ReadText();
        var value = reader.ReadDouble();
        var time = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
        var (weight, represents) = (reader.ReadDouble(), reader.ReadInt64());
        var tags = new (string, string)[reader.ReadCount()];
        for (var i = 0; i < tags.Length; i++) tags[i] = (reader.ReadString(), reader.ReadString());
        Dictionary<string, object?>? metadata = null;
        if (reader.ReadBoolean())
        {
            metadata = new Dictionary<string, object?>(StringComparer.Ordinal);
            for (var left = reader.ReadCount(); left > 0; left--) metadata[reader.ReadString()] = ReadValue(reader);
        }

        var metric = new Metric(name!, value, MetricTags.Of(tags), metadata, time);
        return weight > 1 ? metric.Sampled(weight, represents) : metric;
    }

    private static void WriteValue(BinaryWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.Write((byte)Kind.Nothing);
                break;
            case bool truth:
                writer.Write((byte)Kind.Truth);
                writer.Write(truth);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                writer.Write((byte)Kind.Whole);
                writer.Write(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case float or double:
                writer.Write((byte)Kind.Number);
                writer.Write(Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            default:
                writer.Write((byte)Kind.Text);
                writer.Write(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
                break;
        }
    }

    private static object? ReadValue(BinaryReader reader) => (Kind)reader.ReadByte() switch
    {
        Kind.Nothing => null,
        Kind.Truth => reader.ReadBoolean(),
        Kind.Whole => reader.ReadInt64(),
        Kind.Number => reader.ReadDouble(),
        Kind.Text => reader.ReadString(),
        _ => throw new InvalidDataException("There is a value of an unknown kind."),
    };
}
