using System.Globalization;
using System.Text;
using OtelTelemetry.Alerts.Rules;

namespace OtelTelemetry.Alerts.Handlers;

/// <summary>Alerts in words, for people.</summary>
internal static class AlertWords
{
    /// <summary>The labels that say nothing beside the name and the severity of an alert.</summary>
    private static readonly string[] s_known = ["alertname", "severity"];

    /// <summary>A notification in a line: <c>[FIRING:2] HighErrors (shop)</c>.</summary>
    public static string Title(AlertNotification notification)
    {
        var firing = notification.Alerts.Count(alert => alert.State == AlertState.Firing);
        var state = firing > 0 ? string.Create(CultureInfo.InvariantCulture, $"[FIRING:{firing}]") : "[RESOLVED]";
        var names = string.Join(", ", notification.Alerts.Select(alert => alert.Name).Distinct(StringComparer.Ordinal).Take(3));
        return OneLine(notification.CommonLabels.TryGetValue("service", out var service) && service.Length > 0 ? $"{state} {names} ({service})" : $"{state} {names}");
    }

    /// <summary>An alert in a line: its summary, or what is nearest to one.</summary>
    public static string Summary(Alert alert) =>
        OneLine(alert.Annotations.GetValueOrDefault("summary") ?? alert.Annotations.GetValueOrDefault("description") ?? $"{alert.Name}: {AlertText.Show(alert.Value)}");

    /// <summary>The labels of an alert in a line.</summary>
    public static string Labels(Alert alert) => OneLine(string.Join(", ", alert.Labels.Where(label => !s_known.Contains(label.Key)).Select(label => $"{label.Key}={label.Value}")));

    /// <summary>When it began to fire, and when it ended.</summary>
    public static string Times(Alert alert)
    {
        var since = (alert.FiringSince ?? alert.ActiveSince).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return alert.ResolvedAt is { } end ? $"from {since} to {end.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}" : $"since {since}";
    }

    public static string Severity(Alert alert) => alert.Severity.ToString().ToLowerInvariant();

    /// <summary>Text without line breaks and other control characters.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text) line.Append(char.IsControl(c) ? ' ' : c);
        return line.ToString();
    }

    public static string Cut(string text, int most)
    {
        if (text.Length <= most) return text;
        // Not in the middle of a character of two parts.
        var end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return text[..end] + "…";
    }
}
