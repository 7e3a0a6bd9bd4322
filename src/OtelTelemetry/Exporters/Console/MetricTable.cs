using System.Globalization;
using System.Text;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Console;

/// <summary>Makes a table of metrics: a line a series, columns aligned.</summary>
internal static class MetricTable
{
    private static readonly Row s_head = new("METRIC", "LABELS", "VALUE");

    /// <summary>The first series by name and labels, and how many there are.</summary>
    public static (List<Row> Rows, long Series) RowsOf(IReadOnlyList<MetricFamilyReader> families, int maxRows)
    {
        var rows = new List<Row>();
        var series = 0L;
        foreach (var reader in families.OrderBy(family => family.Descriptor.Name, StringComparer.Ordinal))
        {
            var family = MetricFamilyMaterializer.Materialize(reader);
            series += family.Samples.Count;
            if (rows.Count >= maxRows) continue;
            rows.AddRange(family.Samples.Select(sample => RowOf(family.Descriptor, sample)).OrderBy(row => row.Labels, StringComparer.Ordinal).Take(maxRows - rows.Count));
        }

        return (rows, series);
    }

    /// <summary>The lines.</summary>
    /// <param name="rows">What they say.</param>
    /// <param name="width">The most characters of a line, or null for as many as it takes.</param>
    public static IEnumerable<string> Format(IReadOnlyList<Row> rows, int? width)
    {
        Row[] all = [s_head, .. rows];
        var (name, labels, value) = (all.Max(row => row.Name.Length), all.Max(row => row.Labels.Length), all.Max(row => row.Value.Length));
        if (width is { } limit)
        {
            // Numbers are what one looks for: the labels give way first, then the names.
            var room = limit - 4;
            value = Math.Min(value, room / 2);
            name = Math.Min(name, Math.Max(10, room - value - Math.Min(labels, 10)));
            labels = Math.Max(1, Math.Min(labels, room - value - name));
        }

        foreach (var row in all) yield return $"{Cell(row.Name, name)}  {Cell(row.Labels, labels)}  {Cut(row.Value, value)}".TrimEnd();
    }

    private static Row RowOf(MetricDescriptor descriptor, MetricSample sample)
    {
        var unit = descriptor.Unit.Length is 0 || descriptor.Unit is "1" || descriptor.Unit[0] == '{' ? "" : " " + descriptor.Unit;
        return new Row(Clean(descriptor.Name), Clean(string.Join(" ", sample.Labels.Select(label => $"{label.Key}={label.Value}"))), Clean(ValueOf(sample, unit)));
    }

    private static string ValueOf(MetricSample sample, string unit)
    {
        if (sample.Histogram is { } histogram) return Distribution(histogram.Count, histogram.Sum, unit);
        if (sample.ExponentialHistogram is { } exponential) return Distribution(exponential.Count, exponential.Sum, unit);
        if (sample.Summary is not { } summary) return Number(sample.Value) + unit;
        var quantiles = summary.Quantiles.Zip(summary.Values, (quantile, value) => $"p{Number(quantile * 100)} {Number(value)}{unit}");
        return summary.Count == 0 ? "0 observations" : string.Join(", ", quantiles.Prepend(Distribution(summary.Count, summary.Sum, unit)));
    }

    private static string Distribution(long count, double sum, string unit) => count switch
    {
        0 => "0 observations",
        1 => $"1 observation, {Number(sum)}{unit}",
        _ => $"{count.ToString(CultureInfo.InvariantCulture)} observations, mean {Number(sum / count)}{unit}",
    };

    /// <summary>Whole numbers as they are, others with as many digits as one can take in.</summary>
    private static string Number(double value) =>
        double.IsInteger(value) && Math.Abs(value) < 1e15 ? value.ToString("0", CultureInfo.InvariantCulture) : value.ToString("G6", CultureInfo.InvariantCulture);

    private static string Cell(string text, int width) => Cut(text, width).PadRight(width);

    private static string Cut(string text, int width)
    {
        if (text.Length <= width) return text;
        // Not in the middle of a character.
        var end = width - 1;
        if (end > 0 && char.IsHighSurrogate(text[end - 1])) end--;
        return text[..end] + "…";
    }

    /// <summary>Nothing a label's value holds may move the cursor or make a line of its own: values can come from whoever calls the application.</summary>
    private static string Clean(string text)
    {
        if (!text.Any(IsUnfit)) return text;
        var clean = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (IsUnfit(c)) clean.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else clean.Append(c);
        }

        return clean.ToString();
    }

    private static bool IsUnfit(char c) => char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>What a line says.</summary>
    internal sealed record Row(string Name, string Labels, string Value);
}
