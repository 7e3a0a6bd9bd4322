using Microsoft.Extensions.Logging;

namespace OtelTelemetry.Logging.Levels;

/// <summary>While it lives, what is logged in its flow of control is logged in more detail. Asking costs a look at a number while there is none anywhere.</summary>
internal sealed class RaisedLevel : IDisposable
{
    private static readonly AsyncLocal<RaisedLevel?> s_current = new();
    private static int s_living;

    private readonly RaisedLevel? _before;
    private readonly LogLevel _level;
    private bool _hasEnded;

    private RaisedLevel(LogLevel level)
    {
        _before = s_current.Value;
        _level = level;
    }

    /// <summary>Whether a record of a level is wanted here, beyond what the levels of categories say.</summary>
    public static bool Allows(LogLevel level) => Volatile.Read(ref s_living) > 0 && IsAllowedHere(level);

    public static RaisedLevel Begin(LogLevel level)
    {
        var raised = new RaisedLevel(level);
        s_current.Value = raised;
        Interlocked.Increment(ref s_living);
        return raised;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _hasEnded, true)) return;
        Interlocked.Decrement(ref s_living);
        if (s_current.Value == this) s_current.Value = _before;
    }

    private static bool IsAllowedHere(LogLevel level)
    {
        for (var raised = s_current.Value; raised is not null; raised = raised._before)
        {
            // What was started in it may go on after its end.
            if (!Volatile.Read(ref raised._hasEnded) && level >= raised._level) return true;
        }

        return false;
    }
}
