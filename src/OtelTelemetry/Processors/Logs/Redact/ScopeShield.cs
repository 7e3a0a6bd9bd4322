using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry.Logs;

namespace OtelTelemetry.Processors.Logs.Redact;

/// <summary>
/// Puts redacted scopes before OpenTelemetry's log provider. It is a log provider itself, since only they hear of the scopes; it stands behind OpenTelemetry's, and
/// logs nothing.
/// </summary>
internal sealed class ScopeShield(IServiceProvider services) : ILoggerProvider, ISupportExternalScope
{
    public ILogger CreateLogger(string categoryName) => NullLogger.Instance;

    public void SetScopeProvider(IExternalScopeProvider scopeProvider)
    {
        if (services.GetRequiredService<LogPipeline>().Redactors is not { Count: > 0 } redactors) return;
        var scopes = new RedactedScopes(scopeProvider, redactors);
        foreach (var provider in services.GetServices<ILoggerProvider>().OfType<OpenTelemetryLoggerProvider>()) ((ISupportExternalScope)provider).SetScopeProvider(scopes);
        foreach (var redactor in redactors) redactor.ScopesAreRedacted = true;
    }

    public void Dispose()
    {
    }
}
