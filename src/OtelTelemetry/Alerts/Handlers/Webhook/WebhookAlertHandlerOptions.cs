using OtelTelemetry.Alerts.Handlers.Http;
using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters.Http;

namespace OtelTelemetry.Alerts.Handlers.Webhook;

/// <summary>Posts groups of alerts as JSON, in the form of Alertmanager's webhook (version 4). Immutable.</summary>
public sealed record WebhookAlertHandlerOptions : HttpAlertHandlerOptions
{
    /// <summary>Where to, http or https. Never shown beyond the server: it may hold a key. Required.</summary>
    public Uri? Url { get; init; }

    /// <inheritdoc/>
    public override AlertHandler Create(AlertHandlerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new WebhookAlertHandler(new AlertHttpSender(context.CreateHttpClient(), Url!, "the webhook", Credentials));
    }

    /// <inheritdoc/>
    private protected override (string Property, string Problem, string Remedy)? CheckAddress() =>
        HttpEndpoints.Check(Url, "https://example.com/alerts") is { } url ? (nameof(Url), url.Problem, url.Remedy) : null;

    /// <summary>The settings without secrets.</summary>
    public override string ToString() => nameof(WebhookAlertHandlerOptions);

    internal static AlertHandlerOptions Read(SettingSection settings)
    {
        var options = new WebhookAlertHandlerOptions();
        settings.Bind("Url", AlertAddress.Parse, value => options = options with { Url = value });
        return ReadCredentials(settings, options);
    }
}
