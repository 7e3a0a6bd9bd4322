using Microsoft.Extensions.Logging;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Logging;

/// <summary>
/// Writes log records with a message and named values beside it, for those who like that better than templates. It is a thin layer over <see cref="ILogger"/>, and what is written by it goes
/// the same way. An exception among the values becomes the record's exception. Never throws. Thread-safe, immutable.
/// </summary>
/// <example><code>
/// var logger = telemetry.GetLogger("api");
/// logger.Information("Processing request", ("method", "GET"), ("path", "/api/users"), ("user_id", 4711));
/// </code></example>
public sealed class TelemetryLogger
{
    private readonly KeyValuePair<string, object?>[] _always;

    /// <summary>Makes one.</summary>
    /// <param name="logger">Where it writes.</param>
    public TelemetryLogger(ILogger logger)
        : this(logger ?? throw new ArgumentNullException(nameof(logger)), [])
    {
    }

    private TelemetryLogger(ILogger logger, KeyValuePair<string, object?>[] always)
    {
        Logger = logger;
        _always = always;
    }

    /// <summary>The logger below.</summary>
    public ILogger Logger { get; }

    /// <summary>A logger that gives these values to every record.</summary>
    /// <param name="context">Names and values.</param>
    public TelemetryLogger With(params ReadOnlySpan<(string Name, object? Value)> context)
    {
        var always = new KeyValuePair<string, object?>[_always.Length + context.Length];
        _always.CopyTo(always, 0);
        for (var i = 0; i < context.Length; i++) always[_always.Length + i] = KeyValuePair.Create(context[i].Name, context[i].Value);
        return new TelemetryLogger(Logger, always);
    }

    /// <summary>Whether records of a level are written.</summary>
    public bool IsEnabled(LogLevel level) => Logger.IsEnabled(level);

    /// <summary>Writes a record of the level Trace.</summary>
    /// <param name="message">What happened, as it is: braces mean nothing.</param>
    /// <param name="context">Names and values.</param>
    public void Trace(string message, params ReadOnlySpan<(string Name, object? Value)> context) => Write(LogLevel.Trace, message, context);

    /// <summary>Writes a record of the level Debug.</summary>
    /// <param name="message">What happened, as it is: braces mean nothing.</param>
    /// <param name="context">Names and values.</param>
    public void Debug(string message, params ReadOnlySpan<(string Name, object? Value)> context) => Write(LogLevel.Debug, message, context);

    /// <summary>Writes a record of the level Information.</summary>
    /// <param name="message">What happened, as it is: braces mean nothing.</param>
    /// <param name="context">Names and values.</param>
    public void Information(string message, params ReadOnlySpan<(string Name, object? Value)> context) => Write(LogLevel.Information, message, context);

    /// <summary>Writes a record of the level Warning.</summary>
    /// <param name="message">What happened, as it is: braces mean nothing.</param>
    /// <param name="context">Names and values; an exception among them becomes that of the record.</param>
    public void Warning(string message, params ReadOnlySpan<(string Name, object? Value)> context) => Write(LogLevel.Warning, message, context);

    /// <summary>Writes a record of the level Error.</summary>
    /// <param name="message">What happened, as it is: braces mean nothing.</param>
    /// <param name="context">Names and values; an exception among them becomes that of the record.</param>
    public void Error(string message, params ReadOnlySpan<(string Name, object? Value)> context) => Write(LogLevel.Error, message, context);

    /// <summary>Writes a record of the level Critical.</summary>
    /// <param name="message">What happened, as it is: braces mean nothing.</param>
    /// <param name="context">Names and values; an exception among them becomes that of the record.</param>
    public void Critical(string message, params ReadOnlySpan<(string Name, object? Value)> context) => Write(LogLevel.Critical, message, context);

    /// <summary>Writes a record.</summary>
    /// <param name="level">The level.</param>
    /// <param name="message">What happened, as it is: braces mean nothing.</param>
    /// <param name="context">Names and values; an exception among them becomes that of the record.</param>
    public void Write(LogLevel level, string message, params ReadOnlySpan<(string Name, object? Value)> context)
    {
        try
        {
            if (Logger.IsEnabled(level)) Logger.Log(level, default, LogContext.Create(message ?? "", _always, context, out var exception), exception, static (state, _) => state.Message);
        }
        catch (Exception thrown)
        {
            LogErrors.Report(Diagnostic.LogProviderFailed, "logs", "a log record could not be written by one of the application's log providers", "See the cause: the provider threw", thrown);
        }
    }
}
