using System.Numerics;

namespace OtelTelemetry.Processors.Measurements.Relays;

/// <summary>Puts values of one series together. Not thread-safe.</summary>
internal struct Merging<T>
    where T : struct, INumber<T>
{
    private T _value;
    private int _count;

    public readonly bool IsEmpty => _count == 0;

    public static Merging<T> Of(T value) => new() { _value = value, _count = 1 };

    public void Add(T value, GaugeMerge how)
    {
        _value = _count == 0 ? value : how switch
        {
            GaugeMerge.Minimum => T.Min(_value, value),
            GaugeMerge.Sum or GaugeMerge.Average => _value + value,
            GaugeMerge.Last => value,
            _ => T.Max(_value, value),
        };
        _count++;
    }

    public readonly T Result(GaugeMerge how) => how == GaugeMerge.Average && _count > 1 ? _value / T.CreateChecked(_count) : _value;
}
