using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Collectors;
using OtelTelemetry.Collectors.Retry;

namespace OtelTelemetry.Tests.Collectors;

public class MeasurementCodecTests
{
    [Test]
    public void Measurements_come_back_as_they_were() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(string Name, double Value, long Seconds, string[] Tags, int Weight)[]>(), all =>
        {
            var batch = all.Select(one => Make(one.Name, one.Value, one.Seconds, one.Tags, one.Weight)).ToArray();
            return MeasurementCodec.Decode(MeasurementCodec.Encode(batch)).Select(Show).SequenceEqual(batch.Select(Show));
        }).QuickCheckThrowOnFailure();

    [Test]
    public void What_is_damaged_is_told_as_such()
    {
        var bytes = MeasurementCodec.Encode([Make("name", 1, 2, ["a", "b"], 3)]);
        for (var length = 0; length < bytes.Length; length++) Assert.That(() => MeasurementCodec.Decode(bytes.AsMemory(0, length)), Throws.InstanceOf<InvalidDataException>());
        var random = new Random(4);
        for (var i = 0; i < 5_000; i++)
        {
            var noise = new byte[random.Next(1, 60)];
            random.NextBytes(noise);
            noise[0] = 1;
            try
            {
                MeasurementCodec.Decode(noise);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    private static Metric Make(string? name, double value, long seconds, string?[]? tags, int weight)
    {
        var names = (tags ?? []).Select(Whole).Distinct().ToArray();
        var metadata = weight % 3 == 0 ? null : names.ToDictionary(key => key, key => key.Length % 2 == 0 ? (object?)key : (long)key.Length);
        var metric = new Metric(name is null ? null! : Whole(name), value, MetricTags.From(names.Select(tag => KeyValuePair.Create(tag, tag + "!"))), metadata, DateTimeOffset.UnixEpoch.AddSeconds(seconds % 1_000_000_000));
        return weight > 1 ? metric.Sampled(weight, weight + 1L) : metric;
    }

    /// <summary>Half of a pair of UTF-16 is no text.</summary>
    private static string Whole(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));

    private static string Show(Metric metric) =>
        $"{metric.Name is null}|{metric.Name}|{BitConverter.DoubleToInt64Bits(metric.Value)}|{metric.Tags}|{metric.Timestamp:O}|{metric.Weight}|{metric.Represents}|"
        + (metric.Metadata is null ? "none" : string.Join(',', metric.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}:{pair.Value?.GetType().Name}")));
}
