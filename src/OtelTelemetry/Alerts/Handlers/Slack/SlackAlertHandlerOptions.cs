using OtelTelemetry.Alerts.Handlers.Http;
using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters.Http;

namespace OtelTelemetry.Alerts.Handlers.Slack;

/// <summary>Posts groups of alerts to a channel of Slack, by an incoming webhook. Immutable.</summary>
public sealed record SlackAlertHandlerOptions : AlertHandlerOptions
{
    /// <summary>The address Slack gave for the incoming webhook. Never shown: it is a key. Required.</summary>
    public Uri? WebhookUrl { get; init; }

    /// <summary>The channel, where the webhook allows another than its own. Default: null, its own.</summary>
    public string? Channel { get; init; }

    /// <summary>Who writes, where the webhook allows another name than its own. Default: null, its own.</summary>
    public string? Username { get; init; }

    /// <inheritdoc/>
    public override AlertHandler Create(AlertHandlerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new SlackAlertHandler(this, new AlertHttpSender(context.CreateHttpClient(), WebhookUrl!, "Slack"));
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Property, string Problem, string Remedy)> CheckOwn()
    {
        if (HttpEndpoints.Check(WebhookUrl, "https://hooks.slack.com/services/…") is { } url) yield return (nameof(WebhookUrl), url.Problem, url.Remedy);
    }

    /// <summary>The settings without secrets.</summary>
    public override string ToString() => nameof(SlackAlertHandlerOptions);

    internal static AlertHandlerOptions Read(SettingSection settings)
    {
        var options = new SlackAlertHandlerOptions();
        settings.Bind("WebhookUrl", AlertAddress.Parse, value => options = options with { WebhookUrl = value });
        settings.Bind("Channel", Parse.Text, value => options = options with { Channel = value });
        settings.Bind("Username", Parse.Text, value => options = options with { Username = value });
        return options;
    }
}
