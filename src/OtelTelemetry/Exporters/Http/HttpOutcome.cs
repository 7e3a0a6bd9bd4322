namespace OtelTelemetry.Exporters.Http;

/// <summary>What became of a request.</summary>
/// <param name="Verdict">In one word.</param>
/// <param name="Problem">What went wrong and what to do, without secrets; null when nothing did.</param>
/// <param name="Cause">The cause, when there is an exception.</param>
/// <param name="Status">The status of the answer that refused it; 0 where there was none.</param>
internal readonly record struct HttpOutcome(HttpVerdict Verdict, string? Problem = null, Exception? Cause = null, int Status = 0);

/// <summary>What became of a request, in one word.</summary>
internal enum HttpVerdict
{
    /// <summary>It was taken.</summary>
    Accepted,

    /// <summary>The same request would be refused again.</summary>
    Refused,

    /// <summary>Nobody took it; another time somebody may.</summary>
    Unavailable,
}
