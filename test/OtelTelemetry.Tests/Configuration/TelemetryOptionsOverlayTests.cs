using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Alerts;
using OtelTelemetry.Alerts.Handlers;
using OtelTelemetry.Alerts.Handlers.Log;
using OtelTelemetry.Alerts.Rules;
using OtelTelemetry.Collectors;
using OtelTelemetry.Collectors.Batch;
using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters;
using OtelTelemetry.Logging.Sinks;
using OtelTelemetry.Logging.Sinks.Console;
using OtelTelemetry.Health;
using OtelTelemetry.Metrics;
using OtelTelemetry.Monitoring;
using OtelTelemetry.Processors.Logs;
using OtelTelemetry.Processors.Logs.Sample;
using OtelTelemetry.Processors.Measurements;
using OtelTelemetry.Processors.Spans;
using OtelTelemetry.Processors.Spans.RateLimit;
using OtelTelemetry.Tracing.Sampling.Rules;

namespace OtelTelemetry.Tests.Configuration;

public class TelemetryOptionsOverlayTests
{
    /// <summary>Holds for options that are added later too: whoever forgets one here is told.</summary>
    [Test]
    public void Every_option_is_taken_over()
    {
        var source = new TelemetryOptions();
        var target = new TelemetryOptions();
        var changed = ChangeAll(source, "").ToList();

        TelemetryOptionsOverlay.Apply(source, target);

        Assert.That(changed, Has.Count.GreaterThan(50));
        Assert.That(changed.Where(path => !Same(Value(source, path), Value(target, path))), Is.Empty);
    }

    [Test]
    public void Every_option_has_a_key_in_the_section()
    {
        var binder = new SettingBinder(new ConfigurationBuilder().Build(), new SettingReport());
        TelemetryBinding.Bind(binder, new TelemetryOptions());

        var options = ChangeAll(new TelemetryOptions(), "").Select(path => path.Replace('.', ':'));

        // One setting has a second name.
        Assert.That(binder.KnownPaths, Is.EquivalentTo(options.Append("Traces:Propagators")));
    }

    [Test]
    public void What_code_left_alone_stays_as_it_was_bound()
    {
        var target = TelemetrySettingsTests.Bind(
            ("OTEL_SERVICE_NAME", "bound"), ("Telemetry:Metrics:MaxSeriesPerMetric", "7"), ("OTEL_PROPAGATORS", "b3"), ("OTEL_EXPORTER_OTLP_HEADERS", "a=1")).Options;

        TelemetryOptionsOverlay.Apply(new TelemetryOptions { ServiceVersion = "2" }, target);

        Assert.That((target.ServiceName, target.ServiceVersion, target.Metrics.MaxSeriesPerMetric), Is.EqualTo(("bound", "2", 7)));
        Assert.That(target.Propagators, Is.EqualTo(new[] { "b3" }));
        Assert.That(target.Otlp.Headers, Contains.Key("a"));
    }

    private static IEnumerable<string> ChangeAll(object options, string prefix)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var path = prefix + property.Name;
            var value = property.GetValue(options);
            if (value is IDictionary<string, string> map)
            {
                map["name"] = "value";
                yield return path;
            }
            else if (value is IDictionary<string, LogLevel> levels)
            {
                levels["Other"] = LogLevel.Critical;
                yield return path;
            }
            else if (value is IList<string> list)
            {
                list.Add("/item");
                yield return path;
            }
            else if (value is IList<double> numbers)
            {
                numbers.Add(0.77);
                yield return path;
            }
            else if (value is IList<MetricOptions> definitions)
            {
                definitions.Add(new CounterOptions("other"));
                yield return path;
            }
            else if (value is IList<MeasurementRule> rules)
            {
                rules.Add(new MeasurementRule());
                yield return path;
            }
            else if (value is IList<TraceSamplingRule> samplingRules)
            {
                samplingRules.Add(new TraceSamplingRule());
                yield return path;
            }
            else if (value is IList<SpanProcessorOptions> processors)
            {
                processors.Add(new SpanRateLimitOptions());
                yield return path;
            }
            else if (value is IList<LogProcessorOptions> logProcessors)
            {
                logProcessors.Add(new LogSampleOptions());
                yield return path;
            }
            else if (value is IDictionary<string, LogSinkOptions> sinks)
            {
                sinks["other"] = new ConsoleLogOptions();
                yield return path;
            }
            else if (value is IDictionary<string, AlertRule> alertRules)
            {
                alertRules["other"] = new AlertRule();
                yield return path;
            }
            else if (value is IDictionary<string, AlertHandlerOptions> alertHandlers)
            {
                alertHandlers["other"] = new LogAlertHandlerOptions();
                yield return path;
            }
            else if (value is IDictionary<string, AlertSilence> silences)
            {
                silences["other"] = new AlertSilence();
                yield return path;
            }
            else if (value is IList<AlertInhibition> inhibitions)
            {
                inhibitions.Add(new AlertInhibition());
                yield return path;
            }
            else if (value is IList<CollectorOptions> collectors)
            {
                collectors.Add(new BatchCollectorOptions());
                yield return path;
            }
            else if (value is IDictionary<string, MetricsExporterOptions> exporters)
            {
                exporters["other"] = new NoExporterOptions();
                yield return path;
            }
            else if (value is IDictionary<string, TelemetryHealthCheckOptions> checks)
            {
                checks["other"] = new RegisteredHealthCheckOptions();
                yield return path;
            }
            else if (value is IDictionary<string, MonitoredMetricOptions> monitored)
            {
                monitored["other"] = new MonitoredMetricOptions();
                yield return path;
            }
            else if (property.SetMethod is { IsPublic: true })
            {
                property.SetValue(options, Other(property.PropertyType, value));
                yield return path;
            }
            else if (value is not null)
            {
                foreach (var inner in ChangeAll(value, path + ".")) yield return inner;
            }
        }
    }

    private sealed class NoExporterOptions : MetricsExporterOptions
    {
        public override MetricsExporter Create(ExporterContext context) => throw new NotSupportedException();
    }

    private static object Other(Type type, object? value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(bool)) return value is not true;
        if (type == typeof(string)) return "other";
        if (type == typeof(int)) return 77;
        if (type == typeof(long)) return 77L;
        if (type == typeof(double)) return 0.77;
        if (type == typeof(TimeSpan)) return TimeSpan.FromSeconds(77);
        if (type == typeof(DateTimeOffset)) return DateTimeOffset.UnixEpoch.AddDays(77);
        if (type == typeof(Uri)) return new Uri("http://other");
        if (type == typeof(UnregisteredMetrics)) return UnregisteredMetrics.Reject;
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().First(candidate => !candidate.Equals(value));
        throw new InvalidOperationException($"No other value is known for {type}.");
    }

    private static object? Value(object options, string path) =>
        path.Split('.').Aggregate((object?)options, (holder, name) => holder!.GetType().GetProperty(name)!.GetValue(holder));

    private static bool Same(object? left, object? right) =>
        left is IEnumerable and not string ? ((IEnumerable)left).Cast<object>().SequenceEqual(((IEnumerable)right!).Cast<object>()) : Equals(left, right);
}
