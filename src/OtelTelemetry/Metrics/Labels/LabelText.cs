using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OtelTelemetry.Metrics.Labels;

/// <summary>
/// Reads of label strings that need no call and no branch on their content: comparing and hashing three short strings through the
/// general routines takes longer than everything else a labelled record does.
/// </summary>
internal static class LabelText
{
    /// <summary>The shortest string that <see cref="FourCharacters"/> may read.</summary>
    internal const int ShortestSampled = 3;

    /// <summary>Whether two strings are equal, by two reads of each that overlap in the middle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Same(string? left, string right)
    {
        if (ReferenceEquals(left, right)) return true;
        if (left is null || left.Length != right.Length) return false;
        var length = left.Length;
        ref var a = ref MemoryMarshal.GetReference(left.AsSpan());
        ref var b = ref MemoryMarshal.GetReference(right.AsSpan());
        if (length is >= ShortestSampled and < 8)
        {
            return ((FourCharacters(ref a, 0) ^ FourCharacters(ref b, 0))
                | (FourCharacters(ref a, length - ShortestSampled) ^ FourCharacters(ref b, length - ShortestSampled))) == 0;
        }

        return length is >= 8 and <= 32 && Vector128.IsHardwareAccelerated ? SameVectors(ref a, ref b, length) : string.Equals(left, right);
    }

    /// <summary>Reads 8 bytes inside a string: the index is at most Length - 3, and behind its last character every string has a zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong FourCharacters(ref char first, int index) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<char, byte>(ref Unsafe.Add(ref first, index)));

    // Eight characters at a time; the last read ends with the string and overlaps the one before.
    private static bool SameVectors(ref char a, ref char b, int length)
    {
        var last = length - Vector128<ushort>.Count;
        var different = Eight(ref a, last) ^ Eight(ref b, last);
        for (var i = 0; i < last; i += Vector128<ushort>.Count) different |= Eight(ref a, i) ^ Eight(ref b, i);
        return different == Vector128<ushort>.Zero;
    }

    private static Vector128<ushort> Eight(ref char first, int index) =>
        Vector128.LoadUnsafe(ref Unsafe.As<char, ushort>(ref first), (nuint)index);
}
