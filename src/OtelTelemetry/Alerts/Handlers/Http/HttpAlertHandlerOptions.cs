using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters.Http;

namespace OtelTelemetry.Alerts.Handlers.Http;

/// <summary>What handlers have in common that send alerts to a server which asks who they are. Immutable.</summary>
public abstract record HttpAlertHandlerOptions : AlertHandlerOptions
{
    private protected HttpAlertHandlerOptions()
    {
    }

    /// <summary>The user for basic authentication. Default: none.</summary>
    public string? Username { get; init; }

    /// <summary>The user's password. Never shown. Default: none.</summary>
    public string? Password { get; init; }

    /// <summary>A token that is sent in place of user and password. Never shown. Default: none.</summary>
    public string? BearerToken { get; init; }

    /// <summary>Further headers of every request. Values are never shown. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>What each request carries.</summary>
    internal HttpCredentials Credentials => new(Username, Password, BearerToken, Headers);

    /// <summary>Says what is wrong with the address.</summary>
    private protected abstract (string Property, string Problem, string Remedy)? CheckAddress();

    /// <inheritdoc/>
    protected sealed override IEnumerable<(string Property, string Problem, string Remedy)> CheckOwn()
    {
        if (CheckAddress() is { } address) yield return address;
        foreach (var error in HttpCredentials.Check(Username, Password, BearerToken, Headers)) yield return error;
    }

    /// <summary>Reads what handlers over HTTP have in common.</summary>
    private protected static TOptions ReadCredentials<TOptions>(SettingSection settings, TOptions options)
        where TOptions : HttpAlertHandlerOptions
    {
        settings.Bind("Username", Parse.Text, value => options = options with { Username = value });
        settings.Bind("Password", Parse.Text, value => options = options with { Password = value });
        settings.Bind("BearerToken", Parse.Text, value => options = options with { BearerToken = value });
        settings.BindMap("Headers", Parse.Text, values => options = options with { Headers = values });
        return options;
    }
}
