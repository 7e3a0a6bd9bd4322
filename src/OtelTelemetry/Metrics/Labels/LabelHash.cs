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

    internal static int Fast(string a) => Finish(Sample(a));

    internal static int Fast(string a, string b) => Finish(Join(Sample(a), Sample(b)));

    internal static int Fast(string a, string b, string c) => Finish(Join(Join(Sample(a), Sample(b)), Sample(c)));

    internal static int Fast(string a, string b, string c, string d) =>
        Finish(Join(Join(Join(Sample(a), Sample(b)), Sample(c)), Sample(d)));

    internal static int Fast(ReadOnlySpan<string> values)
    {
        var hash = Sample(values[0]);
        for (var i = 1; i < values.Length; i++) hash = Join(hash, Sample(values[i]));
        return Finish(hash);
    }

    /// <summary>The full hash: every character, seeded at random for this process.</summary>
    internal static int Seeded(ReadOnlySpan<string> values)
    {
        var hash = 0UL;
        foreach (var value in values) hash = Join(hash, (uint)value.GetHashCode(StringComparison.Ordinal));
        return Finish(hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Sample(string value)
    {
        var length = value.Length;
        if (length < 4) return Short(value);
        ref var first = ref MemoryMarshal.GetReference(value.AsSpan());
        var head = FourCharacters(ref first, 0);
        var middle = FourCharacters(ref first, (length >> 1) - 2);
        var tail = FourCharacters(ref first, length - 4);
        return (head * K1) ^ BitOperations.RotateLeft(tail * K2, 29) ^ BitOperations.RotateLeft(middle * K3, 47) ^ (ulong)length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Short(string value)
    {
        var length = value.Length;
        if (length == 0) return K3;
        var packed = value[0] | ((ulong)value[length >> 1] << 16) | ((ulong)value[length - 1] << 32) | ((ulong)length << 48);
        return packed * K1;
    }

    // An unaligned read of 8 bytes inside the string: 'index' is always in [0, Length - 4].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FourCharacters(ref char first, int index) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<char, byte>(ref Unsafe.Add(ref first, index)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Join(ulong left, ulong right) => (BitOperations.RotateLeft(left, 23) ^ right) * K2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Finish(ulong hash) => (int)((hash ^ (hash >> 32)) * K3 >> 32);
}
