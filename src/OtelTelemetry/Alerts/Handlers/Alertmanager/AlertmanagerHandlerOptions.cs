using OtelTelemetry.Alerts.Handlers.Http;
using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters.Http;

namespace OtelTelemetry.Alerts.Handlers.Alertmanager;

/// <summary>Gives alerts to a Prometheus Alertmanager, which groups, silences and routes them itself: it is told at once, and again every minute while they fire. Immutable.</summary>
public sealed record AlertmanagerHandlerOptions : HttpAlertHandlerOptions
{
    /// <summary>How often alerts that fire are sent again.</summary>
    internal static readonly TimeSpan ResendInterval = TimeSpan.FromMinutes(1);

    /// <summary>When Alertmanager takes an alert it hears no more of to be resolved: four times the interval, as Prometheus does.</summary>
    internal static readonly TimeSpan ValidFor = 4 * ResendInterval;

    private static readonly AlertTiming s_timing = new([], TimeSpan.Zero, TimeSpan.Zero, ResendInterval);

    /// <summary>Where Alertmanager is, http or https; <c>/api/v2/alerts</c> is appended. Default: null, <c>http://localhost:9093</c>.</summary>
    public Uri? Endpoint { get; init; }

    /// <inheritdoc/>
    internal override AlertTiming Timing => s_timing;

    /// <inheritdoc/>
    public override AlertHandler Create(AlertHandlerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var endpoint = Endpoint ?? new Uri("http://localhost:9093");
        var address = new Uri(endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/api/v2/alerts");
        // What is older says of alerts that they fire although they may be over.
        var client = context.CreateHttpClient(ValidFor);
        return new AlertmanagerHandler(new AlertHttpSender(client, address, "Alertmanager", Credentials));
    }

    /// <inheritdoc/>
    private protected override (string Property, string Problem, string Remedy)? CheckAddress() =>
        Endpoint is not null && HttpEndpoints.Check(Endpoint, "http://localhost:9093") is { } endpoint ? (nameof(Endpoint), endpoint.Problem, endpoint.Remedy) : null;

    /// <summary>The settings without secrets.</summary>
    public override string ToString() => nameof(AlertmanagerHandlerOptions);

    internal static AlertHandlerOptions Read(SettingSection settings)
    {
        var options = new AlertmanagerHandlerOptions();
        settings.Bind("Endpoint", AlertAddress.Parse, value => options = options with { Endpoint = value });
        return ReadCredentials(settings, options);
    }
}
