using System.Text.Json;
using OtelTelemetry.Exporters.Json;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.JsonFile;

/// <summary>
/// The JSON document of all metrics at one moment. A metric is found by its name as it was registered. With one series it is that
/// series: value, labels and timestamp. With several, its <c>value</c> is their sum where adding them means something, and each is listed
/// under <c>series</c>. A histogram's or summary's value is how many observations there were, and what else it knows stands beside it.
/// </summary>
internal static class MetricsDocument
{
    /// <summary>The metric whose sum is <c>events_count</c>.</summary>
    private const string Events = "telemetry_events_total";

    private static ReadOnlySpan<byte> Running => "\"running\":true}\n"u8;

    /// <returns>How many series were written.</returns>
    public static async Task<long> WriteAsync(
        IReadOnlyList<MetricFamilyReader> families, DateTimeOffset now, Stream output, CancellationToken cancellationToken)
    {
        var series = 0L;
        var events = 0d;
        var timestamp = MetricJson.Seconds(now);
        var json = new Utf8JsonWriter(output, MetricJson.Writing);
        await using (json.ConfigureAwait(false))
        {
            json.WriteStartObject();
            json.WriteNumber("timestamp", timestamp);
            json.WriteStartObject("metrics");
            foreach (var named in families.GroupBy(family => family.Descriptor.Name).OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                MetricFamily[] copies = [.. named.Select(MetricFamilyMaterializer.Materialize)];
                var count = copies.Sum(copy => copy.Samples.Count);
                if (count == 0) continue;
                series += count;
                if (named.Key == Events) events = copies.SelectMany(copy => copy.Samples).Sum(sample => sample.Value);
                Write(json, named.Key, copies, count, timestamp);
                // A part at a time: memory grows with the largest metric, not with all.
                if (json.BytesPending > 64 * 1024) await json.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            json.WriteEndObject();
            MetricJson.WriteNumber(json, "events_count", events);
            json.WriteBoolean("running", true);
            json.WriteEndObject();
            await json.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        await output.WriteAsync("\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        return series;
    }

    /// <summary>The same document with <c>running</c> false, if it is one that was written here.</summary>
    public static bool TryStop(ReadOnlySpan<byte> document, out byte[] stopped)
    {
        stopped = [];
        if (!document.EndsWith(Running)) return false;
        stopped = [.. document[..^Running.Length], .. "\"running\":false}\n"u8];
        return true;
    }

    private static void Write(Utf8JsonWriter json, string name, MetricFamily[] copies, int count, decimal timestamp)
    {
        json.WriteStartObject(name);
        if (count == 1)
        {
            var family = copies.First(copy => copy.Samples.Count == 1);
            WriteSample(json, family.Samples[0], timestamp);
        }
        else
        {
            WriteTotal(json, copies);
            MetricJson.WriteLabels(json, []);
            json.WriteNumber("timestamp", timestamp);
            json.WriteStartArray("series");
            foreach (var family in copies)
            {
                foreach (var sample in family.Samples)
                {
                    json.WriteStartObject();
                    WriteSample(json, sample, timestamp);
                    // What tells the series of two meters apart.
                    if (copies.Length > 1) json.WriteString("meter", family.Descriptor.Scope.Name);
                    json.WriteEndObject();
                }
            }

            json.WriteEndArray();
        }

        json.WriteString("type", MetricJson.TypeOf(copies[0].Descriptor.Kind));
        if (copies[0].Descriptor.Unit.Length > 0) json.WriteString("unit", copies[0].Descriptor.Unit);
        json.WriteEndObject();
    }

    private static void WriteSample(Utf8JsonWriter json, MetricSample sample, decimal timestamp)
    {
        MetricJson.WriteNumber(json, "value", sample.Value);
        MetricJson.WriteLabels(json, sample.Labels);
        json.WriteNumber("timestamp", timestamp);
        MetricJson.WriteDistribution(json, sample);
    }

    private static void WriteTotal(Utf8JsonWriter json, MetricFamily[] copies)
    {
        var kind = copies[0].Descriptor.Kind;
        if (kind == MetricKind.Gauge || copies.Any(copy => copy.Descriptor.Kind != kind)) json.WriteNull("value");
        else MetricJson.WriteNumber(json, "value", copies.SelectMany(copy => copy.Samples).Sum(sample => sample.Value));
    }
}
