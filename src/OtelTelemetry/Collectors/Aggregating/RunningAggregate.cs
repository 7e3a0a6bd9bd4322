namespace OtelTelemetry.Collectors.Aggregating;

/// <summary>The numbers of one series: of the current window and of the one before. Thread-safe.</summary>
internal sealed class RunningAggregate
{
    // Held for a few additions; a lock of the runtime would cost more than they do.
    private int _held;
    private Numbers _current = Numbers.None;
    private Numbers _previous = Numbers.None;
    private uint _window;

    internal void Add(uint window, double value, double weight)
    {
        Enter();
        MoveTo(window);
        _current.Count += weight;
        _current.Sum += value * weight;
        if (value < _current.Min) _current.Min = value;
        if (value > _current.Max) _current.Max = value;
        Volatile.Write(ref _held, 0);
    }

    internal Numbers Read(uint window, bool previous)
    {
        Enter();
        MoveTo(window);
        var numbers = previous ? _previous : _current;
        Volatile.Write(ref _held, 0);
        return numbers;
    }

    private void Enter()
    {
        var spin = default(SpinWait);
        while (Interlocked.CompareExchange(ref _held, 1, 0) != 0) spin.SpinOnce(sleep1Threshold: -1);
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
