using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tracing.Sampling.Consistent;

namespace OtelTelemetry.Logging.Levels;

/// <summary>Decides which requests are logged in more detail. Thread-safe.</summary>
internal sealed class RequestLogLevels(RequestLogLevelOptions options, TimeProvider time)
{
    private static readonly Counter s_requests = new MetricsCollector("telemetry").CreateCounter(
        "log_level_requests_total", "Requests that were to be logged in more detail: by a header that holds (accepted) or does not (refused), or by the sample (sampled).", "result");

    private Settings _settings = Settings.Of(options);

    /// <summary>Whether any request may be.</summary>
    public bool IsOn => _settings is { Secret: not null } or { Threshold: < SamplingThreshold.None };

    /// <summary>The name of the header to look at; null where none is.</summary>
    public string? Header => _settings.Secret is null ? null : _settings.Header;

    public void Change(RequestLogLevelOptions options) => _settings = Settings.Of(options);

    /// <summary>The level for a request that begins here; null for those logged as always.</summary>
    /// <param name="token">What the header says; null where there is none.</param>
    public LogLevel? Decide(string? token)
    {
        var settings = _settings;
        if (token is not null && settings.Secret is { } secret)
        {
            var asked = LogLevelToken.Read(token, secret, time.GetUtcNow());
            s_requests.With(asked is null ? "refused" : "accepted").Inc();
            if (asked is not null) return asked;
        }

        if (settings.Threshold == SamplingThreshold.None || RandomnessHere() < settings.Threshold) return null;
        if (settings.Until is { } until && time.GetUtcNow() >= until) return null;
        s_requests.With("sampled").Inc();
        return settings.Level;
    }

    private static ulong RandomnessHere() =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } span ? SamplingThreshold.RandomnessOf(span.TraceId) : (ulong)Random.Shared.NextInt64((long)SamplingThreshold.None);

    private sealed record Settings(string Header, string? Secret, ulong Threshold, LogLevel Level, DateTimeOffset? Until)
    {
        public static Settings Of(RequestLogLevelOptions options) =>
            new(options.Header, string.IsNullOrEmpty(options.Secret) ? null : options.Secret, SamplingThreshold.OfRate(options.SampleRate), options.Level, options.Until);
    }
}
