using OtelTelemetry.Metrics;

namespace OtelTelemetry.Configuration;

/// <summary>Checks declared metrics, whoever declared them. The collector checks the same when it makes a metric; here every error is
/// found, and told under the operator's own name for the setting.</summary>
internal static class MetricDefinitionValidation
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);

    public static void Check(TelemetryMetricsOptions metrics, SettingReport report)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var definition in metrics.Definitions)
        {
            if (definition is null)
            {
                report.Error("TelemetryOptions.Metrics.Definitions", "an entry is null", "Remove it");
                continue;
            }

            var setting = NameOf(report, definition);
            CheckName(metrics, report, setting, definition);
            CheckOnce(report, setting, definition, seen);
            CheckLabels(metrics, report, setting, definition);
            CheckBounds(report, setting, definition);
        }
    }

    /// <summary>The key, or the entry of the list that code filled.</summary>
    internal static string NameOf(SettingReport report, MetricOptions definition)
    {
        var path = $"{MetricDefinitionBinding.Path}:{definition.Name}";
        return report.IsFromConfiguration(path, definition) ? report.NameOf(path, definition) : $"TelemetryOptions.Metrics.Definitions[{definition.Name}]";
    }

    /// <summary>A property of a definition, as whoever set it wrote it.</summary>
    private static string Part(string setting, string property) =>
        setting + (setting.StartsWith(SettingBinder.Section + ":", StringComparison.Ordinal) ? ":" : ".") + property;

    private static void CheckName(TelemetryMetricsOptions metrics, SettingReport report, string setting, MetricOptions definition)
    {
        // What is wrong with the namespace is told once, at the namespace.
        var isNamespace = string.IsNullOrEmpty(metrics.Namespace) || MetricNames.IsMetricName(metrics.Namespace);
        var fullName = isNamespace ? MetricNames.Join(metrics.Namespace ?? "", "", definition.Name ?? "") : definition.Name;
        if (!string.IsNullOrEmpty(definition.Name) && MetricNames.IsMetricName(fullName) && definition.Name.All(c => c is not ':')) return;
        var isArray = definition.Name is { Length: > 0 } && definition.Name.All(char.IsAsciiDigit);
        report.Error(
            setting,
            $"'{definition.Name}' is not a metric name",
            isArray
                ? "Allowed: an object whose keys are the names of the metrics, not an array"
                : $"Allowed: a letter, then letters, digits, '_', '.', '-' and '/', {MetricNames.LongestName} at most with the namespace, such as orders_total");
    }

    /// <summary>Names that differ in case only are one to OpenTelemetry (metrics API, section "Instrument name syntax").</summary>
    private static void CheckOnce(SettingReport report, string setting, MetricOptions definition, Dictionary<string, string> seen)
    {
        if (string.IsNullOrEmpty(definition.Name) || seen.TryAdd(definition.Name, setting)) return;
        report.Error(setting, $"the metric is declared already, by {report.Locate(seen[definition.Name])}", "Remove one of the two, or give it another name");
    }

    private static void CheckLabels(TelemetryMetricsOptions metrics, SettingReport report, string setting, MetricOptions definition)
    {
        var reserved = definition switch { HistogramOptions => "le", SummaryOptions => "quantile", _ => null };
        foreach (var (name, problem) in MetricNames.WrongLabelNames(definition.LabelNames ?? [], metrics.Labels.Keys, reserved))
        {
            report.Error(
                Part(setting, setting.StartsWith(SettingBinder.Section + ":", StringComparison.Ordinal) ? "Labels" : nameof(MetricOptions.LabelNames)),
                $"the label name '{name}' {problem}",
                "Rename or remove the label");
        }
    }

    private static void CheckBounds(SettingReport report, string setting, MetricOptions definition)
    {
        switch (definition)
        {
            case CounterOptions or GaugeOptions:
                break;
            case HistogramOptions { Buckets: { } buckets } when MetricNames.PositionOfWrongBucket(buckets) is { } position:
                report.Error(
                    Part(setting, "Buckets"),
                    $"{Show(buckets[position])}, at position {position + 1} of {Show(buckets)}, is not more than the one before it, or not a finite number",
                    "Allowed: finite numbers in ascending order, each once, such as 0.1, 0.5, 1");
                break;
            case HistogramOptions:
                break;
            case SummaryOptions summary:
                CheckSummary(report, setting, summary);
                break;
            default:
                report.Error(setting, $"{definition.GetType().Name} is not a kind of metric", "Allowed: CounterOptions, GaugeOptions, HistogramOptions, SummaryOptions");
                break;
        }

        if (definition.MaxSeries < 1) report.Error(Part(setting, "MaxSeries"), $"{definition.MaxSeries} is less than 1", "Allowed: 1 and more, or no setting for Metrics:MaxSeriesPerMetric");
        if (definition.IdleExpiry < s_shortest)
        {
            report.Error(Part(setting, "IdleExpiry"), $"{definition.IdleExpiry} is less than a second", "Allowed: from 1s, longer than the longest export interval");
        }
    }

    private static void CheckSummary(SettingReport report, string setting, SummaryOptions summary)
    {
        if (summary.Quantiles is null || !summary.Quantiles.All(MetricNames.IsQuantile))
        {
            report.Error(Part(setting, "Quantiles"), $"{Show(summary.Quantiles ?? [])} are not all from 0 to 1", "Allowed: numbers from 0 to 1; the 95th percentile is 0.95");
        }

        if (summary.Window < s_shortest) report.Error(Part(setting, "Window"), $"{summary.Window} is less than a second", "Allowed: from 1s");
    }

    private static string Show(double value) => value.ToString(null, System.Globalization.CultureInfo.InvariantCulture);

    private static string Show(IEnumerable<double> values) => string.Join(", ", values.Select(Show));
}
