using OtelTelemetry.Alerts.Handlers.Http;
using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters.Http;

namespace OtelTelemetry.Alerts.Handlers.PagerDuty;

/// <summary>Triggers and resolves incidents of PagerDuty, by its Events API v2. Immutable.</summary>
public sealed record PagerDutyAlertHandlerOptions : AlertHandlerOptions
{
    internal static readonly Uri DefaultUrl = new("https://events.pagerduty.com/v2/enqueue");

    /// <summary>The integration key of the service at PagerDuty. Never shown. Required.</summary>
    public string? RoutingKey { get; init; }

    /// <summary>Where to, http or https. Default: null, <c>https://events.pagerduty.com/v2/enqueue</c>; in the EU <c>https://events.eu.pagerduty.com/v2/enqueue</c>.</summary>
    public Uri? Url { get; init; }

    /// <summary>What is in trouble. Default: null, the machine's name.</summary>
    public string? Source { get; init; }

    /// <inheritdoc/>
    public override AlertHandler Create(AlertHandlerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var key = RoutingKey!;
        var sender = new AlertHttpSender(
            context.CreateHttpClient(), Url ?? DefaultUrl, "PagerDuty", null, [key], (request, token) => PagerDutyAlertHandler.PutKeyIn(request, key, token), preparesItself: !context.IsDelivered);
        return new PagerDutyAlertHandler(Source ?? Environment.MachineName, context.ServiceName, sender);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Property, string Problem, string Remedy)> CheckOwn()
    {
        if (string.IsNullOrWhiteSpace(RoutingKey)) yield return (nameof(RoutingKey), "it is not set", "Give the integration key of an Events API v2 integration of the service");
        if (Url is not null && HttpEndpoints.Check(Url, DefaultUrl.ToString()) is { } url) yield return (nameof(Url), url.Problem, url.Remedy);
        if (Delivery.Gzip == true) yield return ("Delivery:Gzip", "the key is put into the body when it is sent, which must not be compressed then", "Remove the setting, or set it to false");
    }

    /// <summary>The settings without secrets.</summary>
    public override string ToString() => nameof(PagerDutyAlertHandlerOptions);

    internal static AlertHandlerOptions Read(SettingSection settings)
    {
        var options = new PagerDutyAlertHandlerOptions();
        settings.Bind("RoutingKey", Parse.Text, value => options = options with { RoutingKey = value });
        settings.Bind("Url", AlertAddress.Parse, value => options = options with { Url = value });
        settings.Bind("Source", Parse.Text, value => options = options with { Source = value });
        return options;
    }
}
