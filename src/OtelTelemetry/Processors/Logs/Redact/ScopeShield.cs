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
        if (services.GetRequiredService<TelemetryOptions>() is not { Enabled: true } options || !LogPipeline.IsNeeded(options.Logs)) return;

        // The pipeline may be made later, with the first record.
        var pipeline = services.GetRequiredService<LogPipeline>();
        var scopes = new RedactedScopes(scopeProvider, pipeline);
        foreach (var provider in services.GetServices<ILoggerProvider>().OfType<OpenTelemetryLoggerProvider>()) ((ISupportExternalScope)provider).SetScopeProvider(scopes);
        pipeline.ScopesAreRedacted = true;
    }

    public void Dispose()
    {
    }
}
