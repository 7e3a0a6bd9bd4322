using Microsoft.Extensions.Logging;

namespace OtelTelemetry.Tests.Support;

/// <summary>Keeps every log line of an application, with its exception. Thread-safe.</summary>
internal sealed class RecordedLogs : ILoggerProvider, ILogger
{
    private readonly Lock _gate = new();
    private readonly List<(LogLevel Level, string Text)> _lines = [];

    public IReadOnlyList<(LogLevel Level, string Text)> Lines
    {
        get
        {
            lock (_gate) return [.. _lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate) _lines.Add((logLevel, $"{formatter(state, exception)} {state} {exception}"));
    }

    public void Dispose()
    {
    }
}
