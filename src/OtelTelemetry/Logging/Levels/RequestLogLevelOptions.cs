using Microsoft.Extensions.Logging;

namespace OtelTelemetry.Logging.Levels;

/// <summary>Which requests are logged in more detail than the rest (section <c>Telemetry:Logs:Requests</c>). Read again when the configuration is loaded again.</summary>
public sealed class RequestLogLevelOptions
{
    internal const int ShortestSecret = 16;

    /// <summary>The header that asks for more detail, with a token made by <see cref="LogLevelToken"/>. Default: <c>X-Log-Level</c>.</summary>
    public string Header { get; set; } = "X-Log-Level";

    /// <summary>The secret the token is signed with, at least 16 characters. Never logged. Default: null, and no header is looked at.</summary>
    public string? Secret { get; set; }

    /// <summary>The part of all requests that is logged in more detail, from 0 to 1: where there is a trace, of the same traces in every process. Default: 0.</summary>
    public double SampleRate { get; set; }

    /// <summary>The level of those that <see cref="SampleRate"/> chooses. Default: <see cref="LogLevel.Debug"/>.</summary>
    public LogLevel Level { get; set; } = LogLevel.Debug;

    /// <summary>When <see cref="SampleRate"/> ends by itself. Default: null, it does not.</summary>
    public DateTimeOffset? Until { get; set; }
}
