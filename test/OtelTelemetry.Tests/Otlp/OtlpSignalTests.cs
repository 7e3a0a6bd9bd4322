using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OtelTelemetry.Exporters.Otlp;
using OtelTelemetry.Tests.Configuration;

namespace OtelTelemetry.Tests.Otlp;

/// <summary>Where each signal goes: OpenTelemetry Protocol Exporter specification, "Endpoint URLs for OTLP/HTTP".</summary>
public class OtlpSignalTests
{
    [TestCase("http/protobuf", "http://host:4318", "http://host:4318/v1/traces")]
    [TestCase("http/protobuf", "http://host:4318/", "http://host:4318/v1/traces")]
    [TestCase("http/protobuf", "https://host/base/", "https://host/base/v1/traces")]
    [TestCase("http/protobuf", "https://host/base?tenant=1", "https://host/base/v1/traces?tenant=1")]
    [TestCase("grpc", "http://host:4317", "http://host:4317/")]
    public void The_shared_endpoint_gets_the_signal_s_path_over_http(string protocol, string endpoint, string expected)
    {
        var options = TelemetrySettingsTests.Bind(("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)).Options;

        Assert.That(OtlpSignal.ForTraces(options)!.Endpoint, Is.EqualTo(new Uri(expected)));
    }

    [TestCase("grpc", "http://localhost:4317/")]
    [TestCase("http/protobuf", "http://localhost:4318/v1/metrics")]
    public void Without_an_endpoint_the_protocol_s_default_serves(string protocol, string expected)
    {
        var options = TelemetrySettingsTests.Bind(("Telemetry:Otlp:Enabled", "true"), ("Telemetry:Otlp:Metrics:Protocol", protocol)).Options;

        Assert.That(OtlpSignal.ForMetrics(options)!.Endpoint, Is.EqualTo(new Uri(expected)));
    }

    [Test]
    public void What_a_signal_sets_for_itself_wins_and_its_endpoint_is_used_as_it_is()
    {
        var options = TelemetrySettingsTests.Bind(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:4317"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "shared=1"),
            ("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://logs:9/in"),
            ("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_LOGS_HEADERS", "own=2"),
            ("OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "1234"),
            ("OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", "gzip")).Options;

        var logs = OtlpSignal.ForLogs(options)!;
        var traces = OtlpSignal.ForTraces(options)!;

        Assert.That((logs.Endpoint, logs.Protocol, logs.Timeout, logs.Compression),
            Is.EqualTo((new Uri("http://logs:9/in"), OtlpExportProtocol.HttpProtobuf, TimeSpan.FromMilliseconds(1234), OtlpExportCompression.GZip)));
        Assert.That(logs.Headers, Is.EqualTo(new Dictionary<string, string> { ["own"] = "2" }));
        Assert.That((traces.Endpoint, traces.Protocol), Is.EqualTo((new Uri("http://all:4317"), OtlpExportProtocol.Grpc)));
        Assert.That(traces.Headers, Is.EqualTo(new Dictionary<string, string> { ["shared"] = "1" }));
    }

    // Which signals are sent: traces, metrics, logs.
    [TestCase("", "")]
    [TestCase("Telemetry:Otlp:Endpoint=http://x", "TML")]
    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT=http://x", "TML")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://x", "M")]
    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT=http://x;Telemetry:Otlp:Enabled=false", "")]
    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT=http://x;OTEL_METRICS_EXPORTER=none", "TL")]
    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT=http://x;OTEL_METRICS_EXPORTER=prometheus", "TL")]
    [TestCase("OTEL_LOGS_EXPORTER=otlp", "L")]
    [TestCase("Telemetry:Otlp:Enabled=true;Telemetry:Traces:Enabled=false", "ML")]
    [TestCase("Telemetry:Otlp:Enabled=true;Telemetry:Otlp:Logs:Enabled=false", "TM")]
    public void A_signal_is_sent_when_it_is_configured(string settings, string expected)
    {
        var options = TelemetrySettingsTests.Bind(
            [.. settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(setting => setting.Split('=', 2)).Select(pair => (pair[0], pair[1]))]).Options;

        var sent = (OtlpSignal.ForTraces(options) is null ? "" : "T") + (OtlpSignal.ForMetrics(options) is null ? "" : "M") + (OtlpSignal.ForLogs(options) is null ? "" : "L");
        Assert.That(sent, Is.EqualTo(expected));
    }

    [Test]
    public void Code_has_the_last_word_over_the_exporter_variables()
    {
        var options = TelemetrySettingsTests.Bind(coded => coded.Otlp.Enabled = false, ("OTEL_TRACES_EXPORTER", "otlp")).Options;

        Assert.That(OtlpSignal.ForTraces(options), Is.Null);
    }

    [TestCase(null, "http://localhost:4317/")]
    [TestCase("http://jaeger:4317", "http://jaeger:4317/")]
    public void Jaeger_gets_the_traces_and_nothing_else(string? endpoint, string expected)
    {
        var services = new ServiceCollection();
        services.AddPepperTelemetry().AddJaeger(endpoint is null ? null : new Uri(endpoint));
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<TelemetryOptions>();

        var traces = OtlpSignal.ForTraces(options)!;
        Assert.That((traces.Endpoint.ToString(), traces.Protocol), Is.EqualTo((expected, OtlpExportProtocol.Grpc)));
        Assert.That((OtlpSignal.ForMetrics(options), OtlpSignal.ForLogs(options)), Is.EqualTo(((OtlpSignal?)null, (OtlpSignal?)null)));
    }
}
