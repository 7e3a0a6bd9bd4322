namespace OtelTelemetry.Exporters.Deltas;

/// <summary>What a backend was not sent yet of one number. It is sent again, with what comes on top, until it is committed.</summary>
/// <param name="State">The series.</param>
/// <param name="Part">Which of its numbers.</param>
/// <param name="Value">How much.</param>
/// <param name="IsFirst">Whether nothing was ever sent.</param>
internal readonly record struct SeriesDelta(SeriesState State, int Part, double Value, bool IsFirst)
{
    /// <summary>Whether there is anything to tell: a zero is told once, so that the backend knows the series.</summary>
    public bool IsNews => IsFirst || Value != 0;

    /// <summary>It was sent.</summary>
    public void Commit() => State.Commit(Part);
}
