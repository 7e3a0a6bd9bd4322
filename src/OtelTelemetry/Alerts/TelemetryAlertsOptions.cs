using OtelTelemetry.Alerts.Handlers;
using OtelTelemetry.Alerts.Rules;

namespace OtelTelemetry.Alerts;

/// <summary>The settings of alerts (section <c>Telemetry:Alerts</c>). Rules, silences and inhibitions follow the configuration when that is loaded again.</summary>
public sealed class TelemetryAlertsOptions
{
    /// <summary>Whether rules are evaluated. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How often every rule is evaluated. At least 1 second, at most an hour. Default: 15 seconds.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Labels of every alert, such as <c>region</c>. Default: none; <c>service</c>, the name of the service, is added.</summary>
    public IDictionary<string, string> Labels { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Alerts with the same values of these labels are told together. Default: alertname.</summary>
    public IList<string> GroupBy { get; } = ["alertname"];

    /// <summary>How long a group waits for further alerts before it is told the first time. Not negative, at most 30 days. Default: 30 seconds.</summary>
    public TimeSpan GroupWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a group waits after it was told, before it is told that alerts came or went. Not negative, at most 30 days. Default: 5 minutes.</summary>
    public TimeSpan GroupInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>When a group in which nothing changed is told again. More than zero, at most 30 days. Default: 4 hours.</summary>
    public TimeSpan RepeatInterval { get; set; } = TimeSpan.FromHours(4);

    /// <summary>The rules by name. Default: none.</summary>
    public IDictionary<string, AlertRule> Rules { get; } = new Dictionary<string, AlertRule>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Who is told, by name; of one type there may be several. Default: nobody.</summary>
    public IDictionary<string, AlertHandlerOptions> Handlers { get; } = new Dictionary<string, AlertHandlerOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is kept quiet for a while, by name. Default: none.</summary>
    public IDictionary<string, AlertSilence> Silences { get; } = new Dictionary<string, AlertSilence>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What keeps what quiet. Default: nothing.</summary>
    public IList<AlertInhibition> Inhibitions { get; } = [];
}
