namespace OtelTelemetry.Exporters;

/// <summary>What became of one export. Immutable.</summary>
public readonly record struct MetricsExportResult
{
    private MetricsExportResult(bool succeeded, long items, long bytes, string? problem, Exception? cause)
    {
        Succeeded = succeeded;
        Items = items;
        Bytes = bytes;
        Problem = problem;
        Cause = cause;
    }

    /// <summary>Whether everything was handed over.</summary>
    public bool Succeeded { get; }

    /// <summary>How many series or points were handed over.</summary>
    public long Items { get; }

    /// <summary>How many bytes they took; 0 where that is not known.</summary>
    public long Bytes { get; }

    /// <summary>What went wrong, in the operator's words and without secrets; null when nothing did.</summary>
    public string? Problem { get; }

    /// <summary>The cause, when there is an exception.</summary>
    public Exception? Cause { get; }

    /// <summary>Everything was handed over.</summary>
    /// <param name="items">How many series or points.</param>
    /// <param name="bytes">How many bytes they took; 0 where that is not known.</param>
    public static MetricsExportResult Success(long items, long bytes = 0) => new(true, items, bytes, null, null);

    /// <summary>Not everything was handed over.</summary>
    /// <param name="problem">What went wrong and what to do, in the operator's words and without secrets.</param>
    /// <param name="cause">The cause, when there is an exception.</param>
    /// <param name="items">How many series or points were handed over all the same.</param>
    public static MetricsExportResult Failure(string problem, Exception? cause = null, long items = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(problem);
        return new MetricsExportResult(false, items, 0, problem, cause);
    }
}
