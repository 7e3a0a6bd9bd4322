using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OtelTelemetry.Logging;

/// <summary>
/// Writes log records from anywhere, without a logger at hand: to the application's log providers while telemetry runs in the process, and nowhere before and after. Where there are
/// several applications in a process, to those of the one started last. The category is <c>Application</c>, or the one of <see cref="For"/>. Never throws. Thread-safe.
/// </summary>
public static class Log
{
    private const string Category = "Application";

    private static readonly Lock s_gate = new();
    private static readonly List<ILoggerFactory> s_running = [];
    private static readonly TelemetryLogger s_none = new(NullLogger.Instance);
    private static volatile TelemetryLogger s_current = s_none;

    /// <summary>A logger for a category, of what runs now: keep it no longer than the application.</summary>
    /// <param name="category">The category, such as <c>Shop.Orders</c>.</param>
    public static TelemetryLogger For(string category)
    {
        ArgumentException.ThrowIfNullOrEmpty(category);
        lock (s_gate) return s_running.Count == 0 ? s_none : new TelemetryLogger(s_running[^1].CreateLogger(category));
    }

    /// <summary>Writes a record of the level Debug.</summary>
    /// <param name="message">What happened, as it is: braces mean nothing.</param>
    /// <param name="context">Names and values.</param>
    public static void Debug(string message, params ReadOnlySpan<(string Name, object? Value)> context) => s_current.Debug(message, context);

    /// <summary>Writes a record of the level Information.</summary>
    /// <param name="message">What happened, as it is: braces mean nothing.</param>
    /// <param name="context">Names and values.</param>
    public static void Information(string message, params ReadOnlySpan<(string Name, object? Value)> context) => s_current.Information(message, context);

    /// <summary>Writes a record of the level Warning.</summary>
    /// <param name="message">What happened, as it is: braces mean nothing.</param>
    /// <param name="context">Names and values; an exception among them becomes that of the record.</param>
    public static void Warning(string message, params ReadOnlySpan<(string Name, object? Value)> context) => s_current.Warning(message, context);

    /// <summary>Writes a record of the level Error.</summary>
    /// <param name="message">What happened, as it is: braces mean nothing.</param>
    /// <param name="context">Names and values; an exception among them becomes that of the record.</param>
    public static void Error(string message, params ReadOnlySpan<(string Name, object? Value)> context) => s_current.Error(message, context);

    /// <summary>Writes a record of the level Critical.</summary>
    /// <param name="message">What happened, as it is: braces mean nothing.</param>
    /// <param name="context">Names and values; an exception among them becomes that of the record.</param>
    public static void Critical(string message, params ReadOnlySpan<(string Name, object? Value)> context) => s_current.Critical(message, context);

    /// <summary>Writes to these providers until the result is disposed.</summary>
    internal static IDisposable Run(ILoggerFactory loggers)
    {
        lock (s_gate)
        {
            s_running.Add(loggers);
            Choose();
        }

        return new Running(loggers);
    }

    private static void Choose() => s_current = s_running.Count == 0 ? s_none : new TelemetryLogger(s_running[^1].CreateLogger(Category));

    private sealed class Running(ILoggerFactory loggers) : IDisposable
    {
        public void Dispose()
        {
            lock (s_gate)
            {
                s_running.Remove(loggers);
                Choose();
            }
        }
    }
}
