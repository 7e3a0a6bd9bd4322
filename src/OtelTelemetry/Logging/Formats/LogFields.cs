using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;

namespace OtelTelemetry.Logging.Formats;

/// <summary>How the parts of a record are called and nested in JSON. Immutable.</summary>
internal abstract class LogFields
{
    /// <summary>The names of the levels, as <see cref="LogLevel"/> has them.</summary>
    private static readonly EncodedText[] s_levels = [.. Enum.GetNames<LogLevel>().Select(name => EncodedText.Encode(name))];

    /// <summary>Writes everything of a record into the object that is open.</summary>
    public abstract void Write(LogJsonWriter json, LogRecord record, LogScopes scopes);

    /// <summary>The level's name.</summary>
    protected static EncodedText NameOf(LogLevel level) => s_levels[Math.Clamp((int)level, 0, s_levels.Length - 1)];

    /// <summary>The text people read.</summary>
    protected static string MessageOf(LogRecord record) => record.FormattedMessage ?? record.Body ?? "";
}
