using System.Globalization;
using System.Text;

namespace OtelTelemetry.Alerts.Rules;

/// <summary>Fills the placeholders of an annotation in.</summary>
internal static class AlertText
{
    private const string LabelPrefix = "labels.";

    private static readonly string[] s_names = ["value", "threshold", "metric", "name", "severity"];

    /// <summary>What is wrong with a text; null when it can be filled in.</summary>
    public static string? WhatIsWrongWith(string text)
    {
        string? problem = null;
        Walk(text, placeholder =>
        {
            if (!s_names.Contains(placeholder) && !(placeholder.StartsWith(LabelPrefix, StringComparison.Ordinal) && placeholder.Length > LabelPrefix.Length)) problem ??= $"'{{{placeholder}}}' is not a placeholder";
            return "";
        }, ref problem);
        return problem;
    }

    /// <summary>The text with its placeholders filled in; a label that is not there is empty.</summary>
    public static string Fill(string text, string name, AlertRule rule, double value, IReadOnlyDictionary<string, string> labels)
    {
        string? ignored = null;
        return Walk(text, placeholder => placeholder switch
        {
            "value" => Show(value),
            "threshold" => Show(rule.Threshold),
            "metric" => rule.Metric,
            "name" => name,
            "severity" => rule.Severity.ToString().ToLowerInvariant(),
            _ => labels.GetValueOrDefault(placeholder[LabelPrefix.Length..], ""),
        }, ref ignored);
    }

    /// <summary>A number for people: with at most six digits behind the point.</summary>
    public static string Show(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Walk(string text, Func<string, string> fill, ref string? problem)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is not ('{' or '}'))
            {
                result.Append(c);
                continue;
            }

            if (i + 1 < text.Length && text[i + 1] == c)
            {
                result.Append(c);
                i++;
                continue;
            }

            var end = c == '{' ? text.IndexOf('}', i) : -1;
            if (end < 0)
            {
                problem ??= "a brace has no counterpart";
                result.Append(c);
                continue;
            }

            result.Append(fill(text[(i + 1)..end]));
            i = end;
        }

        return result.ToString();
    }
}
