using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OtelTelemetry.Metrics.Cells;

/// <summary>A histogram's upper bounds, and the search for the bucket of a value. Immutable.</summary>
internal sealed class BucketBounds
{
    private readonly double[] _bounds;

    // Padded with +Inf, which no value is above, to whole vectors.
    private readonly double[] _padded;

    internal BucketBounds(double[] bounds)
    {
        _bounds = bounds;
        var vectors = (bounds.Length + Vector256<double>.Count - 1) / Vector256<double>.Count;
        _padded = new double[vectors * Vector256<double>.Count];
        Array.Fill(_padded, double.PositiveInfinity);
        bounds.CopyTo(_padded, 0);
    }

    /// <summary>The bounds, ascending, without +Inf.</summary>
    internal ReadOnlySpan<double> Values => _bounds;

    /// <summary>How many buckets there are: one more than bounds.</summary>
    internal int BucketCount => _bounds.Length + 1;

    /// <summary>The bucket of a value: how many bounds the value is above, since bounds are inclusive. Compares every bound,
    /// four at a time: without a branch on the data there is nothing to mispredict.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int IndexOf(double value)
    {
        var wanted = Vector256.Create(value);
        var index = 0;
        foreach (ref readonly var bounds in MemoryMarshal.Cast<double, Vector256<double>>(_padded))
        {
            index += BitOperations.PopCount(Vector256.GreaterThan(wanted, bounds).ExtractMostSignificantBits());
        }

        return index;
    }
}
