using Microsoft.Extensions.Logging;

namespace OtelTelemetry.Requests;

/// <summary>Which requests are log records once they have ended, and what these say (section <c>Telemetry:Requests:Logging</c>). Read at the start.</summary>
public sealed class RequestLoggingOptions
{
    /// <summary>Whether each request is a log record, of the category <c>OtelTelemetry.Requests</c>. Default: false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Paths whose requests are not logged, beside those that are left out of traces, the metrics and health: each stands for itself and everything below it, without regard to case.
    /// Default: none.</summary>
    public IList<string> ExcludedPaths { get; } = [];

    /// <summary>The part of the requests that went well which is logged, from 0 to 1: where there is a trace, of the same traces in every process. Those that failed, were slow or were aborted by
    /// the client are always logged. Default: 1.</summary>
    public double SampleRate { get; set; } = 1;

    /// <summary>From which duration on a request is slow, and logged whatever <see cref="SampleRate"/> says; more than zero. Default: 1 second; null for never.</summary>
    public TimeSpan? SlowerThan { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The level of requests that went well. Default: <see cref="LogLevel.Information"/>; <see cref="LogLevel.None"/> leaves them out.</summary>
    public LogLevel Level { get; set; } = LogLevel.Information;

    /// <summary>The level of requests that the client got wrong (status 400 to 499) or aborted. Default: <see cref="LogLevel.Warning"/>; <see cref="LogLevel.None"/> leaves them out.</summary>
    public LogLevel ClientErrorLevel { get; set; } = LogLevel.Warning;

    /// <summary>The level of requests that failed: status 500 to 599, an exception, or an answer that broke off. Default: <see cref="LogLevel.Error"/>; <see cref="LogLevel.None"/> leaves them out.</summary>
    public LogLevel ServerErrorLevel { get; set; } = LogLevel.Error;

    /// <summary>Whether the query is logged (<c>url.query</c>), with <c>[redacted]</c> in place of values that look like secrets or whose names say so. Default: false.</summary>
    public bool Query { get; set; }

    /// <summary>Whether the address of the client is logged (<c>client.address</c>). Default: true.</summary>
    public bool ClientAddress { get; set; } = true;
}
