using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters.Deltas;

namespace OtelTelemetry.Exporters.CloudWatch;

/// <summary>What the two ways to CloudWatch have in common.</summary>
internal static class CloudWatchSettings
{
    /// <summary>The most dimensions of a metric (CloudWatch's API reference, "MetricDatum").</summary>
    public const int MaxDimensions = 30;

    public static IEnumerable<(string Property, string Problem, string Remedy)> Check(string? ns, IDictionary<string, string> dimensions, CloudWatchHistograms histograms, int storageResolution, IEnumerable<double> quantiles, int maxSeries)
    {
        if (ns is not null && CloudWatchText.Namespace(ns) != ns) yield return ("Namespace", $"'{ns}' is not a namespace", "Allowed: 1 to 255 letters, digits, blanks and . - _ / # :, not beginning with ':' or 'AWS/'");
        foreach (var (name, value) in dimensions)
        {
            if (CloudWatchText.DimensionName(name) != name || CloudWatchText.DimensionValue(value) != value)
            {
                yield return ("Dimensions", $"'{name}' is not a dimension CloudWatch takes", "Allowed: names of 1 to 255 and values of 1 to 1024 printable ASCII characters, not beginning with ':'");
            }
        }

        if (dimensions.Count >= MaxDimensions) yield return ("Dimensions", $"there are {dimensions.Count}, which leaves none for labels", $"Allowed: fewer than {MaxDimensions}");
        if (!Enum.IsDefined(histograms)) yield return ("Histograms", $"{histograms} is not defined", "Allowed: StatisticSets, ValuesAndCounts");
        if (storageResolution is not (1 or 60)) yield return ("StorageResolution", $"{storageResolution} is no resolution of CloudWatch's", "Allowed: 1, 60");
        foreach (var wrong in DeltaSettings.Check(quantiles, maxSeries)) yield return wrong;
    }

    public static void Bind(SettingSection settings, Action<string> ns, IDictionary<string, string> dimensions, Action<CloudWatchHistograms> histograms, Action<int> storageResolution, Action<int> maxSeries)
    {
        settings.Bind("Namespace", Parse.Text, ns);
        settings.BindMap("Dimensions", Parse.Text, values =>
        {
            dimensions.Clear();
            foreach (var (name, value) in values) dimensions[name] = value;
        });
        settings.Bind("Histograms", Parse.Name<CloudWatchHistograms>, histograms);
        settings.Bind("StorageResolution", Parse.Integer, storageResolution);
        settings.Bind("MaxSeries", Parse.Integer, maxSeries);
    }

    /// <summary>The namespace: the one that is set, or the service's name.</summary>
    public static string NamespaceOf(string? ns, IReadOnlyDictionary<string, object> resource) =>
        ns ?? (resource.GetValueOrDefault("service.name")?.ToString() is { Length: > 0 } service && CloudWatchText.Namespace(service) is { Length: > 0 } name ? name : "OtelTelemetry");
}
