using Microsoft.Extensions.Logging;

namespace OtelTelemetry.Testing.Internal;

/// <summary>Keeps every log record of the loggers it makes. Thread-safe.</summary>
internal sealed class CaptureLoggerProvider(int most) : ILoggerProvider, ISupportExternalScope
{
    private readonly List<CapturedLog> _logs = [];
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyList<CapturedLog> All
    {
        get
        {
            lock (_logs) return [.. _logs];
        }
    }

    public ILogger CreateLogger(string categoryName) => new CaptureLogger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private void Add(CapturedLog log)
    {
        lock (_logs)
        {
            if (_logs.Count < most) _logs.Add(log);
        }
    }

    private sealed class CaptureLogger(CaptureLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => provider._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = new Dictionary<string, object?>(StringComparer.Ordinal);
            string? template = null;
            foreach (var (name, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
            {
                if (name == "{OriginalFormat}") template = value as string;
                else values[name] = value;
            }

            var scopes = new List<string>();
            provider._scopes.ForEachScope(static (scope, found) => found.Add(scope?.ToString() ?? ""), scopes);
            provider.Add(new CapturedLog(category, logLevel, eventId, formatter(state, exception), values, template, exception, scopes));
        }
    }
}
