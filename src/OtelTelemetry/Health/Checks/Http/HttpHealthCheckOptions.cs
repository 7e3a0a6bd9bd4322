using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Health.Checks.Http;

/// <summary>
/// Is healthy when a request is answered as expected. Each run opens a connection of its own, so that it meets what a new client would;
/// redirects are not followed, and the request makes no span. Immutable.
/// </summary>
public sealed record HttpHealthCheckOptions : TelemetryHealthCheckOptions
{
    /// <summary>The most of a body that is looked at, in bytes.</summary>
    internal const int LargestBody = 64 * 1024;

    /// <summary>Where to ask, http or https. Required.</summary>
    public Uri? Url { get; init; }

    /// <summary>The method. Default: GET.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Headers of the request; their values are never shown. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The statuses of a good answer. From 100 to 599 each. Default: empty, which is 200 to 299.</summary>
    public IReadOnlyList<int> ExpectedStatus { get; init; } = [];

    /// <summary>What the first 64 KiB of the body, as UTF-8, must contain. Default: null, which is anything.</summary>
    public string? BodyContains { get; init; }

    /// <inheritdoc/>
    public override IHealthCheck Create(IServiceProvider services) => new HttpHealthCheck(this);

    internal static TelemetryHealthCheckOptions Read(SettingSection settings)
    {
        var options = ReadCommon(settings, new HttpHealthCheckOptions());
        settings.Bind("Url", Parse.Endpoint, value => options = options with { Url = value });
        settings.Bind("Method", Parse.Text, value => options = options with { Method = value });
        settings.BindMap("Headers", Parse.Text, values => options = options with { Headers = values });
        settings.BindNumbers("ExpectedStatus", values => options = options with { ExpectedStatus = [.. values.Select(value => (int)value)] });
        settings.Bind("BodyContains", Parse.Text, value => options = options with { BodyContains = value });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (Url is null) yield return (nameof(Url), "it is not set", "Allowed: an address such as http://redis:8001/health");
        else if (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https")) yield return (nameof(Url), "it is no http or https address", "Allowed: an address such as http://redis:8001/health");
        if (!IsToken(Method)) yield return (nameof(Method), $"'{Method}' is not an HTTP method", "Allowed: a method such as GET, HEAD or POST");
        foreach (var (name, value) in Headers)
        {
            if (!IsToken(name) || value.AsSpan().ContainsAny('\r', '\n')) yield return ($"{nameof(Headers)}:{name}", "it cannot be sent as a header", "Allowed: a header's name, and a value on one line");
        }

        foreach (var status in ExpectedStatus)
        {
            if (status is < 100 or > 599) yield return (nameof(ExpectedStatus), FormattableString.Invariant($"{status} is no HTTP status"), "Allowed: 100 to 599, such as 200 or 200,204");
        }
    }

    private static bool IsToken(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
