using Microsoft.Extensions.Logging;
using OtelTelemetry.Logging.Levels;
using OtelTelemetry.Logging.Sinks;
using OtelTelemetry.Logging.Store;
using OtelTelemetry.Processors.Logs;

namespace OtelTelemetry;

/// <summary>The settings of logs sent through OpenTelemetry (section <c>Telemetry:Logs</c>). The application's other log providers are not touched.</summary>
public sealed class TelemetryLogsOptions
{
    /// <summary>Whether log records go to OpenTelemetry. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The lowest level of categories that have none of their own in <c>Logging:LogLevel</c> or <see cref="Levels"/>. Read again when the configuration is loaded again. Default: null,
    /// as <c>Logging:LogLevel</c> says.</summary>
    public LogLevel? Level { get; set; }

    /// <summary>The lowest levels of categories and those below them; they beat <c>Logging:LogLevel</c>. Read again when the configuration is loaded again. Default: none.</summary>
    public IDictionary<string, LogLevel> Levels { get; } = new Dictionary<string, LogLevel>();

    /// <summary>Which requests are logged in more detail than the rest. Read again when the configuration is loaded again.</summary>
    public RequestLogLevelOptions Requests { get; } = new();

    /// <summary>Whether exceptions recorded in spans are log records too, of the level Error and in the category of the span's source; those of ASP.NET Core and <c>HttpClient</c> are not, since they
    /// are logged or thrown. Default: true.</summary>
    public bool SpanExceptions { get; set; } = true;

    /// <summary>Whether the scopes a record was written in are sent with it. Default: true.</summary>
    public bool IncludeScopes { get; set; } = true;

    /// <summary>Whether the finished text is sent beside the template and its values. Default: true.</summary>
    public bool IncludeFormattedMessage { get; set; } = true;

    /// <summary>Paths of requests whose records below Warning are not sent: each stands for itself and everything below it, without regard to case. The path is
    /// looked for in attributes and scopes (<c>url.path</c>, <c>RequestPath</c>, <c>Path</c>, <c>http.target</c>, <c>request_path</c>, <c>request_uri</c>, <c>uri</c>) and in lines of access logs
    /// (<c>"GET /health HTTP/1.1"</c>). Default: none, what the application logs is sent.</summary>
    public IList<string> ExcludedPaths { get; } = [];

    /// <summary>What happens to log records before anything exports them, in this order. Default: none.</summary>
    public IList<LogProcessorOptions> Processors { get; } = [];

    /// <summary>Where log records go beside OTLP, by name: several at once, several of one type where that is wanted. Default: none.</summary>
    public IDictionary<string, LogSinkOptions> Sinks { get; } = new Dictionary<string, LogSinkOptions>();

    /// <summary>Whether the last records are kept to be read back in the process (<see cref="TelemetryManager.Logs"/>).</summary>
    public LogStoreOptions Store { get; } = new();
}
