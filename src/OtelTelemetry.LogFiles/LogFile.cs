namespace OtelTelemetry.Logging.Sinks.Files;

/// <summary>A file of a log. Immutable.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Period">The hour or day it belongs to; empty where there is none.</param>
/// <param name="Sequence">Its number in the period; the first has 0.</param>
/// <param name="Kind">What became of it.</param>
internal sealed record LogFile(string Path, string Period, int Sequence, LogFileKind Kind)
{
    /// <summary>Whether it was begun before another.</summary>
    public bool IsBefore(LogFile other)
    {
        var order = string.CompareOrdinal(Period, other.Period);
        return order < 0 || (order == 0 && Sequence < other.Sequence);
    }
}

/// <summary>What became of a file of a log.</summary>
internal enum LogFileKind
{
    /// <summary>As it was written.</summary>
    Plain,

    /// <summary>Closed and compressed.</summary>
    Compressed,

    /// <summary>What is being compressed, or was when a process ended.</summary>
    Unfinished,
}
