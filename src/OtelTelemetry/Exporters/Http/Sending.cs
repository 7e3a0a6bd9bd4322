namespace OtelTelemetry.Exporters.Http;

/// <summary>What became of the requests of one export.</summary>
/// <param name="cancellationToken">Ends the export.</param>
internal sealed class Sending(CancellationToken cancellationToken)
{
    private long _items;
    private long _bytes;
    private string? _problem;
    private Exception? _cause;

    /// <summary>Ends the export.</summary>
    public CancellationToken Token { get; } = cancellationToken;

    /// <summary>Whether going on is of no use: nobody takes anything. What is refused concerns one request only.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The export's result.</summary>
    public MetricsExportResult Result => _problem is null ? MetricsExportResult.Success(_items, _bytes) : MetricsExportResult.Failure(_problem, _cause, _items);

    /// <summary>A request was sent.</summary>
    public void Add(HttpOutcome outcome, int items, int bytes)
    {
        if (outcome.Verdict == HttpVerdict.Accepted)
        {
            _items += items;
            _bytes += bytes;
            return;
        }

        // A key that is not taken is not taken the next time either.
        IsOver = outcome.Verdict == HttpVerdict.Unavailable || outcome.Status is 401 or 403;
        _problem ??= outcome.Problem;
        _cause ??= outcome.Cause;
    }
}
