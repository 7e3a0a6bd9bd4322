using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Tests.Support;

/// <summary>Metric families as exporters may meet them.</summary>
public static class SomeFamilies
{
    public static readonly MetricScope Scope = new("some.meter", "1.2.3");

    /// <summary>Label values no backend likes.</summary>
    public static readonly string[] OddValues =
    [
        "", " ", "plain", "\"quoted\"", "back\\slash", "new\nline", "tab\tand\r", "\ud83d\ude00 \u00e4\u00f6\u00fc", "a|b#c:d@e,f;g=h", "{}[]()'`$%&", "\0\u0001", new string('x', 10_000),
    ];

    /// <summary>One family of every kind, with values and labels of every sort.</summary>
    public static IReadOnlyList<MetricFamily> All =>
    [
        Numbers("requests_total", MetricKind.Counter, "", [.. OddValues.Select((value, i) => (value, (double)i))]),
        Numbers("temperature", MetricKind.Gauge, "Cel", ("min", double.NegativeInfinity), ("max", double.PositiveInfinity), ("none", double.NaN), ("now", -21.5), ("small", double.Epsilon), ("large", double.MaxValue)),
        Numbers("open.connections", MetricKind.UpDownCounter, "{connection}", ("a", 3), ("b", -1)),
        new MetricFamily(
            new MetricDescriptor("http.request.duration", MetricKind.Histogram, "s", "Duration of requests.", Scope),
            [
                new MetricSample(Label("route", "/a"), new HistogramSample([0.1, 1], [2, 1, 1], 12.5)),
                new MetricSample(Label("route", "/none"), new HistogramSample([0.1, 1], [0, 0, 0], 0)),
                new MetricSample(Label("route", "/nobounds"), new HistogramSample([], [5], 10)),
            ]),
        new MetricFamily(
            new MetricDescriptor("payload.size", MetricKind.ExponentialHistogram, "By", "", Scope),
            [new MetricSample(Label("route", "/a"), new ExponentialHistogramSample(2, 1, -3, [1, 0, 4], 6, 3.5))]),
        new MetricFamily(
            new MetricDescriptor("payment_seconds", MetricKind.Summary, "s", "Time of payments.", Scope),
            [
                new MetricSample(Label("method", "card"), new SummarySample([0.5, 0.99], [0.2, 1.4], 7, 2.5)),
                new MetricSample(Label("method", "none"), new SummarySample([0.5, 0.99], [double.NaN, double.NaN], 0, 0)),
            ]),
        Numbers("without_series", MetricKind.Counter, ""),
    ];

    public static MetricFamily Numbers(string name, MetricKind kind, string unit, params (string Label, double Value)[] samples) => new(
        new MetricDescriptor(name, kind, unit, "Help with \"quotes\", a \\ and a\nnew line.", Scope),
        [.. samples.Select(sample => new MetricSample(Label("label", sample.Label), sample.Value))]);

    public static KeyValuePair<string, string>[] Label(string name, string value) => [new(name, value)];
}
