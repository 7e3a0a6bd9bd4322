using OtelTelemetry.Configuration;

namespace OtelTelemetry.Exporters.Deltas;

/// <summary>The settings that all exporters have that send what came on top.</summary>
internal static class DeltaSettings
{
    public static IEnumerable<(string Property, string Problem, string Remedy)> Check(IEnumerable<double> quantiles, int maxSeries)
    {
        foreach (var quantile in quantiles)
        {
            if (!(quantile > 0 && quantile < 1)) yield return ("Quantiles", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{quantile} is no quantile"), "Allowed: numbers above 0 and below 1, such as 0.5, 0.99");
        }

        if (maxSeries < 1) yield return ("MaxSeries", $"{maxSeries} is less than 1", "Allowed: from 1");
    }

    public static void Bind(SettingSection settings, IList<double> quantiles, IDictionary<string, string> tags, Action<int> maxSeries)
    {
        settings.BindNumbers("Quantiles", values =>
        {
            quantiles.Clear();
            foreach (var value in values) quantiles.Add(value);
        });
        settings.BindMap("Tags", Parse.Text, values =>
        {
            tags.Clear();
            foreach (var (name, value) in values) tags[name] = value;
        });
        settings.Bind("MaxSeries", Parse.Integer, maxSeries);
    }
}
