using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Json;

/// <summary>Writes values of metrics as JSON: what the JSON file and JSON lines have in common.</summary>
internal static class MetricJson
{
    /// <summary>One line, and letters of all languages as they are: it is read by people, and is never put into a web page.</summary>
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Seconds since 1970 with milliseconds, always with a point: a float in whatever reads it.</summary>
    public static decimal Seconds(DateTimeOffset time) => (time.ToUnixTimeMilliseconds() / 1000m) + 0.0m;

    public static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.UpDownCounter => "updowncounter",
        MetricKind.Histogram => "histogram",
        MetricKind.ExponentialHistogram => "exponential_histogram",
        MetricKind.Summary => "summary",
        _ => "gauge",
    };

    /// <summary>Writes a number. JSON has no word for three of them: they are written as strings, as Prometheus' own API does.</summary>
    public static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (!double.IsFinite(value)) json.WriteString(name, NumberText.Label(value, openMetrics: false));
        else if (double.IsInteger(value) && Math.Abs(value) < 1L << 53) json.WriteNumber(name, (long)value);
        else json.WriteNumber(name, value);
    }

    public static void WriteLabels(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, string>> labels)
    {
        json.WriteStartObject("labels");
        foreach (var (name, value) in labels) json.WriteString(name, value);
        json.WriteEndObject();
    }

    /// <summary>Writes what a histogram or a summary has beside its value, which is how many observations there were.</summary>
    public static void WriteDistribution(Utf8JsonWriter json, MetricSample sample)
    {
        if (sample.Histogram is { } histogram) Write(json, histogram);
        else if (sample.ExponentialHistogram is { } exponential) Write(json, exponential);
        else if (sample.Summary is { } summary) Write(json, summary);
    }

    private static void Write(Utf8JsonWriter json, HistogramSample histogram)
    {
        json.WriteNumber("count", histogram.Count);
        WriteNumber(json, "sum", histogram.Sum);
        json.WriteStartObject("buckets");
        var cumulated = 0L;
        for (var i = 0; i < histogram.BucketCounts.Length; i++)
        {
            cumulated += histogram.BucketCounts[i];
            json.WriteNumber(NumberText.Label(i < histogram.Bounds.Length ? histogram.Bounds[i] : double.PositiveInfinity, openMetrics: false), cumulated);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ExponentialHistogramSample histogram)
    {
        json.WriteNumber("count", histogram.Count);
        WriteNumber(json, "sum", histogram.Sum);
        json.WriteNumber("scale", histogram.Scale);
        json.WriteNumber("zero_count", histogram.ZeroCount);
        json.WriteNumber("offset", histogram.PositiveOffset);
        json.WriteStartArray("bucket_counts");
        foreach (var count in histogram.PositiveCounts) json.WriteNumberValue(count);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, SummarySample summary)
    {
        json.WriteNumber("count", summary.Count);
        WriteNumber(json, "sum", summary.Sum);
        json.WriteStartObject("quantiles");
        for (var i = 0; i < summary.Quantiles.Length; i++)
        {
            WriteNumber(json, summary.Quantiles[i].ToString("R", CultureInfo.InvariantCulture), summary.Values[i]);
        }

        json.WriteEndObject();
    }
}
