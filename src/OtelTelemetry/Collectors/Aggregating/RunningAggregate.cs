namespace OtelTelemetry.Collectors.Aggregating;

/// <summary>The numbers of one series: of the current window and of the one before. Thread-safe.</summary>
internal sealed class RunningAggregate
{
    private readonly Lock _gate = new();
    private Numbers _current = Numbers.None;
    private Numbers _previous = Numbers.None;
    private uint _window;

    internal void Add(uint window, double value, double weight)
    {
        lock (_gate)
        {
            MoveTo(window);
            _current.Count += weight;
            _current.Sum += value * weight;
            _current.Min = Math.Min(_current.Min, value);
            _current.Max = Math.Max(_current.Max, value);
        }
    }

    internal Numbers Read(uint window, bool previous)
    {
        lock (_gate)
        {
            MoveTo(window);
            return previous ? _previous : _current;
        }
    }

    private void MoveTo(uint window)
    {
        var passed = (int)(window - _window);
        // A thread that read the clock earlier adds to the window that is current.
        if (passed <= 0) return;
        _previous = passed == 1 ? _current : Numbers.None;
        _current = Numbers.None;
        _window = window;
    }

    internal struct Numbers
    {
        internal double Count;
        internal double Sum;
        internal double Min;
        internal double Max;

        internal static readonly Numbers None = new() { Min = double.PositiveInfinity, Max = double.NegativeInfinity };
    }
}
