using System.Collections;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.Configuration;
using OtelTelemetry.Configuration;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Yaml;

/// <summary>The settings of section Telemetry, written in YAML.</summary>
public class YamlSettingsTests
{
    private const string Json = """
        {
          "Telemetry": {
            "ServiceName": "shop",
            "ShutdownTimeout": "1500ms",
            "Propagators": ["b3", "tracecontext"],
            "ResourceAttributes": { "team_name": "checkout", "cost-center": "12" },
            "Metrics": {
              "Namespace": "shop",
              "Labels": { "data_center": "eu_west", "app-version": "1.0" },
              "MaxSeriesPerMetric": 500,
              "IdleSeriesExpiry": "1h",
              "DefaultBuckets": [0.1, 0.5, 1],
              "Rules": [ { "Instrument": "http.*", "DropLabels": ["url.scheme"], "RenameLabels": { "http_route": "drop_labels" }, "MapLabels": { "http_method": { "get_*": "GET" } } } ],
              "Collectors": [ { "Type": "RateLimited", "PermitLimit": 7, "PermitLimits": { "by_name": 5 } }, { "Type": "Batch" } ],
              "Definitions": {
                "requests_total": { "Type": "counter", "Help": "Requests: all of them.", "Labels": ["http_method", "status-code"], "MaxSeries": 10 },
                "queue-wait": { "Type": "summary", "Quantiles": [0.5, 0.99], "Window": "5m", "IdleExpiry": "2h" },
                "max_series": { "Type": "gauge" }
              }
            },
            "Traces": { "SamplingRate": 0.25, "ExcludedPaths": ["/up"] },
            "Logs": { "IncludeScopes": false },
            "Prometheus": { "Path": "/internal/metrics", "TargetInfo": false, "MaxConcurrentScrapes": 3 },
            "Otlp": {
              "Endpoint": "https://collector:4318", "Protocol": "http/protobuf", "Headers": { "x-api_key": "a=b, c" },
              "TraceBatch": { "QueueSize": 99, "BatchSize": 98 }, "Logs": { "Timeout": "00:00:03" }
            }
          }
        }
        """;

    private const string Yaml = """
        Telemetry:
          ServiceName: shop
          ShutdownTimeout: 1500ms
          Propagators: [b3, tracecontext]
          ResourceAttributes: { team_name: checkout, cost-center: 12 }
          Metrics:
            Namespace: shop
            Labels: { data_center: eu_west, app-version: '1.0' }
            MaxSeriesPerMetric: 500
            IdleSeriesExpiry: 1h
            DefaultBuckets: [0.1, 0.5, 1]
            Rules:
              - { Instrument: "http.*", DropLabels: [url.scheme], RenameLabels: { http_route: drop_labels }, MapLabels: { http_method: { "get_*": GET } } }
            Collectors:
              - { Type: RateLimited, PermitLimit: 7, PermitLimits: { by_name: 5 } }
              - Type: Batch
            Definitions:
              requests_total:
                Type: counter
                Help: 'Requests: all of them.'
                Labels: [http_method, status-code]
                MaxSeries: 10
              queue-wait: { Type: summary, Quantiles: [0.5, 0.99], Window: 5m, IdleExpiry: 2h }
              max_series: { Type: gauge }
          Traces:
            SamplingRate: 0.25
            ExcludedPaths: [/up]
          Logs:
            IncludeScopes: no longer
          Prometheus: { Path: /internal/metrics, TargetInfo: false, MaxConcurrentScrapes: 3 }
          Otlp:
            Endpoint: https://collector:4318
            Protocol: http/protobuf
            Headers: { x-api_key: 'a=b, c' }
            TraceBatch: { QueueSize: 99, BatchSize: 98 }
            Logs: { Timeout: 00:00:03 }
        """;

    private const string SnakeCase = """
        telemetry:
          service_name: shop
          shutdown-timeout: 1500ms
          propagators: [b3, tracecontext]
          resource_attributes: { team_name: checkout, cost-center: 12 }
          metrics:
            namespace: shop
            labels: { data_center: eu_west, app-version: '1.0' }
            max_series_per_metric: 500
            idle_series_expiry: 1h
            default_buckets: [0.1, 0.5, 1]
            rules:
              - { instrument: "http.*", drop_labels: [url.scheme], rename_labels: { http_route: drop_labels }, map-labels: { http_method: { "get_*": GET } } }
            collectors:
              - { type: RateLimited, permit_limit: 7, permit-limits: { by_name: 5 } }
              - type: Batch
            definitions:
              requests_total:
                type: counter
                help: 'Requests: all of them.'
                labels: [http_method, status-code]
                max_series: 10
              queue-wait: { type: summary, quantiles: [0.5, 0.99], window: 5m, idle-expiry: 2h }
              max_series: { type: gauge }
          traces:
            sampling_rate: 0.25
            excluded_paths: [/up]
          logs:
            include_scopes: false
          prometheus: { path: /internal/metrics, target_info: false, max_concurrent_scrapes: 3 }
          otlp:
            endpoint: https://collector:4318
            protocol: http/protobuf
            headers: { x-api_key: 'a=b, c' }
            trace_batch: { queue_size: 99, batch_size: 98 }
            logs: { timeout: 00:00:03 }
        """;

    [Test]
    public void The_same_settings_give_the_same_options_as_in_JSON([Values] bool snakeCase)
    {
        var yaml = snakeCase ? SnakeCase : Yaml.Replace("no longer", "false", StringComparison.Ordinal);

        var fromYaml = Settings(new ConfigurationBuilder().AddTelemetryYamlStream(Stream(yaml)));
        var fromJson = Settings(new ConfigurationBuilder().AddJsonStream(Stream(Json)));

        var expected = Describe(fromJson.Options).ToList();
        Assert.That(expected, Has.Count.GreaterThan(80));
        Assert.That(expected, Has.Some.EqualTo("Metrics.Definitions[2].MaxSeries=10").And.Some.EqualTo("Metrics.Labels[data_center].Value=eu_west").And.Some.EqualTo("Metrics.Collectors[0].PermitLimit=7").And.Some.EqualTo("Metrics.Rules[0].DropLabels[0]=url.scheme"));
        Assert.That(Describe(fromYaml.Options), Is.EqualTo(expected));
        Assert.That(fromYaml.Warnings, Is.EqualTo(fromJson.Warnings).And.Empty);
    }

    [Test]
    public void Names_that_a_user_chose_are_not_changed_where_a_setting_has_the_same_name()
    {
        var definitions = Settings(new ConfigurationBuilder().AddTelemetryYamlStream(Stream(SnakeCase))).Options.Metrics.Definitions;

        Assert.That(definitions.Select(definition => definition.Name), Is.EquivalentTo(new[] { "requests_total", "queue-wait", "max_series" }));
        Assert.That(definitions.OfType<CounterOptions>().Single().LabelNames, Is.EqualTo(new[] { "http_method", "status-code" }));
    }

    [Test]
    public void Other_sections_are_left_as_they_are()
    {
        var configuration = new ConfigurationBuilder().AddTelemetryYamlStream(Stream("my_app:\n  service_name: x\ntelemetry:\n  service_name: y\n  Telemetry:service_name: z\n")).Build();

        Assert.That((configuration["my_app:service_name"], configuration["my_app:ServiceName"]), Is.EqualTo(("x", (string?)null)));
        Assert.That((configuration["Telemetry:ServiceName"], configuration["Telemetry:service_name"]), Is.EqualTo(("y", (string?)null)));
    }

    [Test]
    public void A_wrong_setting_is_told_with_the_YAML_file_and_its_own_name()
    {
        using var folder = new SettingFolder();
        var builder = new ConfigurationBuilder().AddTelemetryYamlFile(folder.Write(
            "telemetry.yaml", "telemetry:\n  metrics:\n    definitions:\n      latency: { type: histogram, buckets: [1, 0.5] }\n      wait: { type: sumary }\n  servce_name: x\n  trace: {}\n"));

        var error = Assert.Throws<TelemetryConfigurationException>(() => Settings(builder))!;

        Assert.That(error.Errors.Select(one => $"{one.File}: {one.Setting}"), Is.EquivalentTo(new[]
        {
            "telemetry.yaml: Telemetry:Metrics:Definitions:latency:Buckets", "telemetry.yaml: Telemetry:Metrics:Definitions:wait:Type",
        }));
    }

    [Test]
    public void Sources_that_come_later_win()
    {
        var builder = new ConfigurationBuilder().AddTelemetryYamlStream(Stream("telemetry: { service_name: yaml }")).AddInMemoryCollection([new("Telemetry:ServiceName", "later")]);

        Assert.That(Settings(builder).Options.ServiceName, Is.EqualTo("later"));
    }

    private static TelemetrySettings Settings(IConfigurationBuilder builder) => TelemetrySettings.Create(builder.Build(), environment: null, []);

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>Every value of every option, by its path.</summary>
    private static IEnumerable<string> Describe(object options, string path = "")
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0))
        {
            var name = path + property.Name;
            if (name is "ServiceInstanceId" or "Metrics.Unregistered") continue;
            switch (property.GetValue(options))
            {
                case null:
                    yield return $"{name}=";
                    break;
                case IFormattable or string or bool or Uri or Delegate when property.GetValue(options) is var value:
                    yield return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}={value}");
                    break;
                case IDictionary<string, string> map:
                    foreach (var (key, value) in map.OrderBy(entry => entry.Key, StringComparer.Ordinal)) yield return $"{name}[{key}].Value={value}";
                    break;
                case IEnumerable items:
                    var all = items.Cast<object>().ToList();
                    if (all.Count > 0 && all[0] is MetricOptions) all = [.. all.Cast<MetricOptions>().OrderBy(definition => definition.Name, StringComparer.Ordinal)];
                    for (var i = 0; i < all.Count; i++)
                    {
                        if (all[i] is IFormattable or string) yield return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}[{i}]={all[i]}");
                        else foreach (var inner in Describe(all[i], $"{name}[{i}].")) yield return inner;
                    }

                    break;
                case var inner:
                    foreach (var line in Describe(inner, name + ".")) yield return line;
                    break;
            }
        }
    }
}
