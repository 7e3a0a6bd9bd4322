using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Tests.Configuration;

public class TelemetrySettingsTests
{
    [Test]
    public void Defaults()
    {
        var options = Bind().Options;

        Assert.That(options.Enabled, Is.True);
        Assert.That(options.ShutdownTimeout, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(options.Metrics.MaxSeriesPerMetric, Is.EqualTo(2000));
        Assert.That(options.Traces.SamplingRate, Is.Null);
        Assert.That(options.Propagators, Is.EqualTo(new[] { "tracecontext", "baggage" }));
        Assert.That(options.Otlp.Protocol, Is.EqualTo(OtlpExportProtocol.Grpc));
        Assert.That(options.Otlp.MetricExportInterval, Is.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(options.ServiceName, Is.Not.Empty);
        Assert.That(Guid.TryParse(options.ServiceInstanceId, out _), Is.True);
    }

    [Test]
    public void The_section_sets_every_kind_of_value()
    {
        var options = Bind(
            ("Telemetry:ServiceName", "shop"),
            ("Telemetry:Environment", "staging"),
            ("Telemetry:ResourceAttributes:team", "checkout"),
            ("Telemetry:ShutdownTimeout", "1500ms"),
            ("Telemetry:Propagators:0", "b3"),
            ("Telemetry:Metrics:Labels", "region=eu,zone=a%2Cb"),
            ("Telemetry:Metrics:Meters:0", "Shop.*"),
            ("Telemetry:Traces:SamplingRate", "0.25"),
            ("Telemetry:Traces:Sources", "one, two"),
            ("Telemetry:Logs:IncludeScopes", "false"),
            ("Telemetry:Prometheus:Path", "/internal/metrics"),
            ("Telemetry:Otlp:Endpoint", "https://collector:4318/base"),
            ("Telemetry:Otlp:Protocol", "http/protobuf"),
            ("Telemetry:Otlp:Headers:x-api-key", "a=b, c"),
            ("Telemetry:Otlp:Compression", "gzip"),
            ("Telemetry:Otlp:MetricTemporality", "delta"),
            ("Telemetry:Otlp:TraceBatch:QueueSize", "99"),
            ("Telemetry:Otlp:TraceBatch:BatchSize", "98"),
            ("Telemetry:Otlp:Logs:Timeout", "00:00:03")).Options;

        Assert.That(options.ServiceName, Is.EqualTo("shop"));
        Assert.That(options.Environment, Is.EqualTo("staging"));
        Assert.That(options.ResourceAttributes["team"], Is.EqualTo("checkout"));
        Assert.That(options.ShutdownTimeout, Is.EqualTo(TimeSpan.FromSeconds(1.5)));
        Assert.That(options.Propagators, Is.EqualTo(new[] { "b3" }));
        Assert.That(options.Metrics.Labels, Is.EqualTo(new Dictionary<string, string> { ["region"] = "eu", ["zone"] = "a,b" }));
        Assert.That(options.Metrics.Meters, Is.EqualTo(new[] { "Shop.*" }));
        Assert.That(options.Traces.SamplingRate, Is.EqualTo(0.25));
        Assert.That(options.Traces.Sources, Is.EqualTo(new[] { "one", "two" }));
        Assert.That(options.Logs.IncludeScopes, Is.False);
        Assert.That(options.Prometheus.Path, Is.EqualTo("/internal/metrics"));
        Assert.That(options.Otlp.Endpoint, Is.EqualTo(new Uri("https://collector:4318/base")));
        Assert.That(options.Otlp.Protocol, Is.EqualTo(OtlpExportProtocol.HttpProtobuf));
        Assert.That(options.Otlp.Headers["X-Api-Key"], Is.EqualTo("a=b, c"));
        Assert.That(options.Otlp.Compression, Is.EqualTo(OtlpExportCompression.GZip));
        Assert.That(options.Otlp.MetricTemporality, Is.EqualTo(MetricReaderTemporalityPreference.Delta));
        Assert.That((options.Otlp.TraceBatch.QueueSize, options.Otlp.TraceBatch.BatchSize), Is.EqualTo((99, 98)));
        Assert.That(options.Otlp.Logs.Timeout, Is.EqualTo(TimeSpan.FromSeconds(3)));
    }

    [Test]
    public void Code_beats_variables_beat_the_section_beat_defaults()
    {
        (string, string)[] settings =
        [
            ("Telemetry:ServiceName", "from-section"), ("OTEL_SERVICE_NAME", "from-variable"),
            ("Telemetry:Otlp:Endpoint", "http://section:1"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://variable:2"),
            ("Telemetry:Otlp:Timeout", "1s"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "2000"),
            ("Telemetry:Otlp:Headers:a", "section"), ("OTEL_EXPORTER_OTLP_HEADERS", "b=variable"),
            ("Telemetry:Propagators:0", "b3"), ("OTEL_PROPAGATORS", "b3multi"),
        ];

        var configured = Bind(settings).Options;
        var coded = Bind(options => { options.ServiceName = "from-code"; options.Otlp.Endpoint = new Uri("http://code:3"); }, settings).Options;

        Assert.That(configured.ServiceName, Is.EqualTo("from-variable"));
        Assert.That(configured.Otlp.Endpoint, Is.EqualTo(new Uri("http://variable:2")));
        Assert.That(configured.Otlp.Timeout, Is.EqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(configured.Otlp.Headers, Is.EqualTo(new Dictionary<string, string> { ["b"] = "variable" }));
        Assert.That(configured.Propagators, Is.EqualTo(new[] { "b3multi" }));
        Assert.That(coded.ServiceName, Is.EqualTo("from-code"));
        Assert.That(coded.Otlp.Endpoint, Is.EqualTo(new Uri("http://code:3")));
    }

    [Test]
    public void A_list_or_map_is_taken_as_the_last_source_has_it([Values] bool valueLast)
    {
        KeyValuePair<string, string?>[] entries = [new("Telemetry:Traces:Sources:0", "entry"), new("Telemetry:Metrics:DefaultBuckets:0", "1"), new("Telemetry:Metrics:Labels:entry", "1")];
        KeyValuePair<string, string?>[] values = [new("Telemetry:Traces:Sources", "a,b"), new("Telemetry:Metrics:DefaultBuckets", "2,3"), new("Telemetry:Metrics:Labels", "value=2")];
        var (first, last) = valueLast ? (entries, values) : (values, entries);

        var options = TelemetrySettings.Create(new ConfigurationBuilder().AddInMemoryCollection(first).AddInMemoryCollection(last).Build(), environment: null, []).Options;

        Assert.That(options.Traces.Sources, Is.EqualTo(valueLast ? ["a", "b"] : new[] { "entry" }));
        Assert.That(options.Metrics.DefaultBuckets, Is.EqualTo(valueLast ? [2, 3] : new[] { 1.0 }));
        Assert.That(options.Metrics.Labels.Keys, Is.EqualTo(new[] { valueLast ? "value" : "entry" }));
    }

    [TestCase("service.name=attribute", null, "section", "attribute")]
    [TestCase("service.name=attribute", "variable", "section", "variable")]
    [TestCase("team=a", null, "section", "section")]
    public void The_service_is_named_as_the_specification_orders(string attributes, string? variable, string section, string expected)
    {
        var options = Bind(("OTEL_RESOURCE_ATTRIBUTES", attributes), ("OTEL_SERVICE_NAME", variable ?? ""), ("Telemetry:ServiceName", section)).Options;

        Assert.That(options.ServiceName, Is.EqualTo(expected));
    }

    [Test]
    public void The_sampler_variable_beats_the_section_s_rate_but_not_code()
    {
        (string, string)[] settings = [("Telemetry:Traces:SamplingRate", "0.5"), ("OTEL_TRACES_SAMPLER", "always_off")];

        Assert.That(Bind(settings).Options.Traces.SamplingRate, Is.Null);
        Assert.That(Bind(options => options.Traces.SamplingRate = 0.75, settings).Options.Traces.SamplingRate, Is.EqualTo(0.75));
    }

    [Test]
    public void An_empty_variable_is_no_variable() =>
        Assert.That(Bind(("OTEL_EXPORTER_OTLP_PROTOCOL", " "), ("OTEL_SDK_DISABLED", "")).Options.Otlp.Protocol, Is.EqualTo(OtlpExportProtocol.Grpc));

    // Every kind of wrong value, the name to report it under, and something its message must say.
    private static readonly (string Key, string Value, string Says)[] s_wrong =
    [
        ("Telemetry:Enabled", "yes", "'yes' is not true or false"),
        ("Telemetry:ShutdownTimeout", "0s", "not more than zero"),
        ("Telemetry:Propagators:0", "b4", "'b4' is not a known trace context format"),
        ("Telemetry:Metrics:Namespace", "1shop", "cannot begin a metric's name"),
        ("Telemetry:Metrics:MaxSeriesPerMetric", "0", "0 is less than 1"),
        ("Telemetry:Metrics:Labels", "region", "entry 1 has no name"),
        ("Telemetry:Metrics:DefaultBuckets", "0.1, 1, 0.5", "0.1, 1, 0.5 is not in ascending order"),
        ("Telemetry:Metrics:IdleSeriesExpiry", "10ms", "less than a second"),
        ("Telemetry:Traces:SamplingRate", "1.5", "0 (no trace) to 1 (every trace)"),
        ("Telemetry:Traces:ExcludedPaths:0", "health", "begins with '/'"),
        ("Telemetry:Prometheus:Path", "metrics", "begins with '/'"),
        ("Telemetry:Prometheus:Port", "70000", "1 to 65535"),
        ("Telemetry:Prometheus:Prefix", "1x", "cannot begin a metric's name"),
        ("Telemetry:Prometheus:CollectionCacheDuration", "-1s", "is negative"),
        ("Telemetry:Prometheus:MaxConcurrentScrapes", "1001", "1 to 1000"),
        ("Telemetry:Otlp:Endpoint", "not a url", "'not a url' is not an address"),
        ("Telemetry:Otlp:Protocol", "http/json", "grpc, http/protobuf"),
        ("Telemetry:Otlp:Compression", "zstd", "none, gzip"),
        ("Telemetry:Otlp:MetricExportInterval", "-00:00:05", "not more than zero"),
        ("Telemetry:Otlp:MetricTemporality", "sometimes", "cumulative, delta"),
        ("Telemetry:Otlp:Traces:Endpoint", "ftp://host/x", "'ftp' is not a scheme"),
        ("Telemetry:Otlp:Metrics:Timeout", "5", "has no unit"),
        ("Telemetry:Otlp:TraceBatch:QueueSize", "many", "'many' is not a whole number"),
        ("Telemetry:Otlp:LogBatch:BatchSize", "5000", "more than the queue holds"),
        ("OTEL_SDK_DISABLED", "maybe", "true, false"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "ten", "milliseconds"),
        ("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "carrier-pigeon", "grpc, http/protobuf"),
        ("OTEL_BSP_SCHEDULE_DELAY", "-1", "not more than zero"),
        ("OTEL_TRACES_EXPORTER", "otel", "Allowed: otlp, zipkin, none"),
        ("OTEL_METRICS_EXPORTER", "none,otlp", "none alone"),
        ("OTEL_RESOURCE_ATTRIBUTES", "team", "entry 1"),
    ];

    [Test]
    public void Every_error_is_listed_once_under_the_name_it_was_written_with()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => Bind([.. s_wrong.Select(wrong => (wrong.Key, wrong.Value))]))!;

        Assert.That(error.Errors, Has.Count.EqualTo(s_wrong.Length), error.Message);
        foreach (var (key, _, says) in s_wrong)
        {
            var name = key.EndsWith(":0", StringComparison.Ordinal) ? key[..^2] : key;
            Assert.That(error.Errors.Count(found => found.Setting == name && found.ToString().Contains(says, StringComparison.Ordinal)), Is.EqualTo(1), $"{name} in:\n{error.Message}");
        }
    }

    [TestCaseSource(nameof(s_wrong))]
    public void One_error_is_enough((string Key, string Value, string Says) wrong) =>
        Assert.That(() => Bind((wrong.Key, wrong.Value)), Throws.TypeOf<TelemetryConfigurationException>().With.Message.Contains(wrong.Says));

    [Test]
    public void What_code_sets_is_checked_and_named_as_code()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => Bind(
            options =>
            {
                options.Traces.SamplingRate = double.NaN;
                options.Otlp.TraceBatch.BatchSize = 0;
                options.Otlp.Protocol = (OtlpExportProtocol)77;
            },
            ("Telemetry:Traces:SamplingRate", "0.5")))!;

        Assert.That(
            error.Errors.Select(found => found.Setting),
            Is.EquivalentTo(new[] { "TelemetryOptions.Traces.SamplingRate", "TelemetryOptions.Otlp.TraceBatch.BatchSize", "TelemetryOptions.Otlp.Protocol" }));
    }

    [TestCase("OTEL_EXPORTER_OTLP_HEADERS", "hunter2")]
    [TestCase("OTEL_EXPORTER_OTLP_HEADERS", "api-key=hunter2%0A")]
    [TestCase("OTEL_EXPORTER_OTLP_HEADERS", "api key=hunter2")]
    [TestCase("Telemetry:Otlp:Endpoint", "//user:hunter2@host")]
    public void Secrets_are_never_shown(string key, string value)
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => Bind((key, value)))!;

        Assert.That(error.Message, Does.Contain(key).And.Not.Contain("hunter2"));
    }

    [Test]
    public void A_misspelt_key_is_told_with_the_nearest_one_and_others_are_left_alone()
    {
        var warnings = Bind(
            ("Telemetry:Servicename", "fine, case does not count"),
            ("Telemetry:Oltp:Endpoint", "http://x"),
            ("Telemetry:Otlp:Endpont", "http://x"),
            ("Telemetry:Dashboard:Rules:0", "of a later package")).Warnings;

        Assert.That(warnings, Is.EquivalentTo(new[]
        {
            "Telemetry:Oltp is not a known setting and is ignored; did you mean Telemetry:Otlp?",
            "Telemetry:Otlp:Endpont is not a known setting and is ignored; did you mean Telemetry:Otlp:Endpoint?",
        }));
    }

    [Test]
    public void An_exporter_that_others_have_and_we_do_not_is_a_warning()
    {
        var settings = Bind(("OTEL_TRACES_EXPORTER", "jaeger,otlp"), ("OTEL_LOGS_EXPORTER", "console"));

        Assert.That(settings.Warnings, Has.Count.EqualTo(2).And.Some.Contains("OTEL_TRACES_EXPORTER: the exporter 'jaeger'"));
        Assert.That(settings.Options.Otlp.Traces.Enabled, Is.True);
        Assert.That(settings.Options.Otlp.Logs.Enabled, Is.False);
    }

    internal static TelemetrySettings Bind(params (string Key, string Value)[] settings) => Bind(_ => { }, settings);

    internal static TelemetrySettings Bind(Action<TelemetryOptions> configure, params (string Key, string Value)[] settings) => TelemetrySettings.Create(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build(),
        environment: null,
        [configure]);
}
