using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Metrics;
using OtelTelemetry.Processors.Logs.Redact;
using OtelTelemetry.Requests;
using OtelTelemetry.Tracing.Sampling.Consistent;

namespace OtelTelemetry.AspNetCore.Requests;

/// <summary>Writes the record of a request, while its span is still the current one. Thread-safe.</summary>
internal sealed class RequestLog(ILogger logger, RequestLoggingOptions options, ExcludedPaths excluded)
{
    /// <summary>The category of the records.</summary>
    public const string Category = "OtelTelemetry.Requests";

    private static readonly EventId s_finished = new(900, "RequestFinished");
    private static readonly Func<RequestRecord, Exception?, string> s_format = static (record, _) => record.ToString();

    private readonly LogLevel _level = options.Level;
    private readonly LogLevel _clientErrorLevel = options.ClientErrorLevel;
    private readonly LogLevel _serverErrorLevel = options.ServerErrorLevel;
    private readonly TimeSpan _slowerThan = options.SlowerThan ?? TimeSpan.MaxValue;
    private readonly ulong _threshold = SamplingThreshold.OfRate(options.SampleRate);
    private readonly RequestRecordFields _fields = new(new SecretScrubber(new RedactLogsOptions()), options.Query, options.ClientAddress);
    private readonly BoundCounter _sampledOut = TelemetryLosses.Bind("logs", "request_log", "sampled_out");

    /// <summary>Whether the requests of a path are not logged.</summary>
    public bool LeavesOut(PathString path) => excluded.Contains(path);

    public void Write(HttpContext context, in RequestOutcome outcome)
    {
        var level = outcome.IsServerError ? _serverErrorLevel : outcome.IsClientError ? _clientErrorLevel : _level;
        if (!logger.IsEnabled(level)) return;
        if (!outcome.IsServerError && !outcome.IsClientError && outcome.Duration < _slowerThan && !IsChosen())
        {
            _sampledOut.Inc();
            return;
        }

        logger.Log(level, s_finished, _fields.Of(context, outcome), null, s_format);
    }

    private bool IsChosen()
    {
        if (_threshold == 0) return true;
        var randomness = Activity.Current is { IdFormat: ActivityIdFormat.W3C } span ? SamplingThreshold.RandomnessOf(span.TraceId) : (ulong)Random.Shared.NextInt64((long)SamplingThreshold.None);
        return randomness >= _threshold;
    }
}
