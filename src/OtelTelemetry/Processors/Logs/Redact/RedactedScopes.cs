using Microsoft.Extensions.Logging;

namespace OtelTelemetry.Processors.Logs.Redact;

/// <summary>The scopes of the application without the secrets in them, for OpenTelemetry alone. Thread-safe.</summary>
internal sealed class RedactedScopes(IExternalScopeProvider scopes, LogPipeline pipeline) : IExternalScopeProvider
{
    public void ForEachScope<TState>(Action<object?, TState> callback, TState state)
    {
        if (pipeline.Redactors is not { Length: > 0 } redactors) scopes.ForEachScope(callback, state);
        else scopes.ForEachScope(static (scope, visit) => visit.Callback(Redacted(visit.Redactors, scope), visit.State), new Visit<TState>(redactors, callback, state));
    }

    public IDisposable Push(object? state) => scopes.Push(state);

    private static object? Redacted(LogRedactor[] redactors, object? scope)
    {
        foreach (var redactor in redactors) scope = redactor.Scrubber.ReplacedScope(scope) ?? scope;
        return scope;
    }

    private readonly record struct Visit<TState>(LogRedactor[] Redactors, Action<object?, TState> Callback, TState State);
}
