using Microsoft.Extensions.Logging;

namespace OtelTelemetry.Processors.Logs.Redact;

/// <summary>The scopes of the application without the secrets in them, for OpenTelemetry alone. Thread-safe.</summary>
internal sealed class RedactedScopes(IExternalScopeProvider scopes, IReadOnlyList<LogRedactor> redactors) : IExternalScopeProvider
{
    private readonly SecretScrubber[] _scrubbers = [.. redactors.Select(redactor => redactor.Scrubber)];

    public void ForEachScope<TState>(Action<object?, TState> callback, TState state) =>
        scopes.ForEachScope(static (scope, visit) => visit.Callback(Redacted(visit.Scrubbers, scope), visit.State), new Visit<TState>(_scrubbers, callback, state));

    public IDisposable Push(object? state) => scopes.Push(state);

    private static object? Redacted(SecretScrubber[] scrubbers, object? scope)
    {
        foreach (var scrubber in scrubbers) scope = scrubber.ReplacedScope(scope) ?? scope;
        return scope;
    }

    private readonly record struct Visit<TState>(SecretScrubber[] Scrubbers, Action<object?, TState> Callback, TState State);
}
