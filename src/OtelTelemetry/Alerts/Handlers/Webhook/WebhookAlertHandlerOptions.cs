using OtelTelemetry.Alerts.Handlers.Http;
using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters.Http;

namespace OtelTelemetry.Alerts.Handlers.Webhook;

/// <summary>Posts groups of alerts as JSON, in the form of Alertmanager's webhook (version 4). Immutable.</summary>
public sealed record WebhookAlertHandlerOptions : AlertHandlerOptions
{
    /// <summary>Where to, http or https. Never shown beyond the server: it may hold a key. Required.</summary>
    public Uri? Url { get; init; }

    /// <summary>The user for basic authentication. Default: none.</summary>
    public string? Username { get; init; }

    /// <summary>The user's password. Never shown. Default: none.</summary>
    public string? Password { get; init; }

    /// <summary>A token that is sent in place of user and password. Never shown. Default: none.</summary>
    public string? BearerToken { get; init; }

    /// <summary>Further headers of every request. Values are never shown. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override AlertHandler Create(AlertHandlerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new WebhookAlertHandler(new AlertHttpSender(context.CreateHttpClient(), Url!, "the webhook", new HttpCredentials(Username, Password, BearerToken, Headers)));
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Property, string Problem, string Remedy)> CheckOwn()
    {
        if (HttpEndpoints.Check(Url, "https://example.com/alerts") is { } url) yield return (nameof(Url), url.Problem, url.Remedy);
        foreach (var error in HttpCredentials.Check(Username, Password, BearerToken, Headers)) yield return error;
    }

    /// <summary>The settings without secrets.</summary>
    public override string ToString() => nameof(WebhookAlertHandlerOptions);

    internal static AlertHandlerOptions Read(SettingSection settings)
    {
        var options = new WebhookAlertHandlerOptions();
        settings.Bind("Url", AlertAddress.Parse, value => options = options with { Url = value });
        settings.Bind("Username", Parse.Text, value => options = options with { Username = value });
        settings.Bind("Password", Parse.Text, value => options = options with { Password = value });
        settings.Bind("BearerToken", Parse.Text, value => options = options with { BearerToken = value });
        settings.BindMap("Headers", Parse.Text, values => options = options with { Headers = values });
        return options;
    }
}
