using System.Diagnostics;
using System.Text;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Tests.Exporters.Prometheus;

/// <summary>Families and formats for the tests of this folder.</summary>
internal static class Some
{
    public static readonly MetricScope Scope = new("shop");

    public static PrometheusFormat Text => default;

    public static readonly PrometheusFormat OpenMetrics = new(PrometheusDialect.OpenMetrics100, PrometheusEscaping.Underscores);

    public static readonly MetricExemplar Exemplar = new(
        0.75,
        DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123),
        ActivityTraceId.CreateFromString("0af7651916cd43dd8448eb211c80319c"),
        ActivitySpanId.CreateFromString("b7ad6b7169203331"));

    public static KeyValuePair<string, string>[] Labels(params string[] namesAndValues) =>
        [.. namesAndValues.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], pair[1]))];

    public static MetricFamily Number(MetricKind kind, string name, double value, params string[] labels) => Number(kind, name, "", value, labels);

    public static MetricFamily Number(MetricKind kind, string name, string unit, double value, params string[] labels) =>
        Family(kind, name, unit, "", new MetricSample(Labels(labels), value));

    public static MetricFamily Family(MetricKind kind, string name, string unit, string help, params MetricSample[] samples) =>
        new(new MetricDescriptor(name, kind, unit, help, Scope), samples);

    public static MetricFamily In(this MetricFamily family, MetricScope scope) =>
        new(new MetricDescriptor(family.Descriptor.Name, family.Descriptor.Kind, family.Descriptor.Unit, family.Descriptor.Help, scope), family.Samples);

    public static string Write(PrometheusFormat format, params MetricFamily[] families) => Write(new PrometheusExporterOptions(), format, families);

    public static string Write(PrometheusExporterOptions options, PrometheusFormat format, params MetricFamily[] families)
    {
        var exporter = new PrometheusExporter(options);
        exporter.Export(families);
        return exporter.GetMetricsText(format);
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
