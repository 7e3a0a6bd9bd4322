using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OtelTelemetry.Metrics.Labels;

/// <summary>
/// Hashes label values. The fast hash looks at the length, head, middle and tail of a string only, which is what
/// keeps a labelled record at a few nanoseconds; whoever can choose label values can make it collide, so
/// <see cref="SeriesTable"/> changes to the runtime's full, randomly seeded string hash when a chain grows long.
/// </summary>
internal static class LabelHash
{
    private const ulong K1 = 0x9E3779B97F4A7C15;
    private const ulong K2 = 0xC2B2AE3D27D4EB4F;
    private const ulong K3 = 0x165667B19E3779F9;
    private const ulong K4 = 0x27D4EB2F165667C5;

    internal static int Fast(string a) => Finish(Sample(a) * K1);

    internal static int Fast(string a, string b) => Finish((Sample(a) * K1) ^ (Sample(b) * K2));

    internal static int Fast(string a, string b, string c) => Finish((Sample(a) * K1) ^ (Sample(b) * K2) ^ (Sample(c) * K3));

    internal static int Fast(string a, string b, string c, string d) =>
        Finish((Sample(a) * K1) ^ (Sample(b) * K2) ^ (Sample(c) * K3) ^ (Sample(d) * K4));

    /// <summary>The same hash as the overload of that many strings.</summary>
    internal static int Fast(ReadOnlySpan<string> values) => values.Length switch
    {
        1 => Fast(values[0]),
        2 => Fast(values[0], values[1]),
        3 => Fast(values[0], values[1], values[2]),
        4 => Fast(values[0], values[1], values[2], values[3]),
        _ => FastMany(values),
    };

    /// <summary>The full hash: every character, seeded at random for this process.</summary>
    internal static int Seeded(ReadOnlySpan<string> values)
    {
        var hash = 0UL;
        foreach (var value in values) hash = Join(hash, (uint)value.GetHashCode(StringComparison.Ordinal));
        return Finish(hash);
    }

    private static int FastMany(ReadOnlySpan<string> values)
    {
        var hash = 0UL;
        foreach (var value in values) hash = Join(hash, Sample(value));
        return Finish(hash);
    }

    // Branches only on lengths that label values rarely have: a mispredicted branch costs as much as the whole hash.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Sample(string value)
    {
        var length = value.Length;
        if (length < LabelText.ShortestSampled) return Short(value);
        ref var first = ref MemoryMarshal.GetReference(value.AsSpan());
        var head = LabelText.FourCharacters(ref first, 0);
        var middle = LabelText.FourCharacters(ref first, (length - LabelText.ShortestSampled) >> 1);
        var tail = LabelText.FourCharacters(ref first, length - LabelText.ShortestSampled);
        return (head ^ (ulong)length) + BitOperations.RotateLeft(tail, 27) + BitOperations.RotateLeft(middle, 45);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Short(string value) => value.Length switch
    {
        0 => K4,
        1 => value[0],
        _ => value[0] | ((ulong)value[1] << 16) | (2UL << 48),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Join(ulong left, ulong right) => (BitOperations.RotateLeft(left, 23) ^ right) * K2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Finish(ulong hash) => (int)((hash ^ (hash >> 29)) * K2 >> 32);
}
