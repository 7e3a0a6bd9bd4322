using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OtelTelemetry.Configuration;
using OtelTelemetry.Health;

namespace OtelTelemetry.AspNetCore.Health;

/// <summary>Decides who sees the details of health: the setting, then the application's rules, then its policy. Thread-safe.</summary>
internal sealed class HealthDetailsAccess
{
    /// <summary>Headers by which proxies say that they pass a request on.</summary>
    private static readonly string[] s_forwarded = ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"];

    private readonly TelemetryHealthOptions _options;
    private readonly HealthDetailsRule[] _rules;

    public HealthDetailsAccess(TelemetrySettings settings, IEnumerable<HealthDetailsRule> rules, IServiceProvider services)
    {
        _options = settings.Options.Health;
        _rules = [.. rules];
        if (_options.DetailsPolicy is null || services.GetService<IAuthorizationService>() is not null) return;
        settings.Report.Error(
            settings.Report.NameOf("Health:DetailsPolicy", _options.DetailsPolicy), "the application has no authorization", "Call builder.Services.AddAuthorization() with the policy, or remove the setting");
        throw new TelemetryConfigurationException(settings.Report.Errors);
    }

    public async ValueTask<bool> IsAllowedAsync(HttpContext context)
    {
        if (_options.Details == HealthDetails.Always || (_options.Details == HealthDetails.Loopback && IsLoopback(context))) return true;
        foreach (var rule in _rules)
        {
            if (rule.Allows(context)) return true;
        }

        if (_options.DetailsPolicy is not { } policy) return false;
        var result = await context.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(context.User, context, policy).ConfigureAwait(false);
        return result.Succeeded;
    }

    /// <summary>Whether the request began on this machine: a proxy here passes on requests from everywhere.</summary>
    private static bool IsLoopback(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address)) return false;
        foreach (var header in s_forwarded)
        {
            if (context.Request.Headers.ContainsKey(header)) return false;
        }

        return true;
    }
}
