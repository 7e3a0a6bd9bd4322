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

        return length >= 8 ? SameLong(ref a, ref b, length) : string.Equals(left, right);
    }

    /// <summary>Reads 8 bytes inside a string: the index is at most Length - 3, and behind its last character every string has a zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong FourCharacters(ref char first, int index) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<char, byte>(ref Unsafe.Add(ref first, index)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool SameLong(ref char a, ref char b, int length)
    {
        if (length <= 2 * Vector128<ushort>.Count)
        {
            var last = length - Vector128<ushort>.Count;
            return ((Eight(ref a, 0) ^ Eight(ref b, 0)) | (Eight(ref a, last) ^ Eight(ref b, last))) == Vector128<ushort>.Zero;
        }

        if (length <= 2 * Vector256<ushort>.Count)
        {
            var last = length - Vector256<ushort>.Count;
            return ((Sixteen(ref a, 0) ^ Sixteen(ref b, 0)) | (Sixteen(ref a, last) ^ Sixteen(ref b, last))) == Vector256<ushort>.Zero;
        }

        return MemoryMarshal.CreateReadOnlySpan(ref a, length).SequenceEqual(MemoryMarshal.CreateReadOnlySpan(ref b, length));
    }

    private static Vector128<ushort> Eight(ref char first, int index) =>
        Vector128.LoadUnsafe(ref Unsafe.As<char, ushort>(ref first), (nuint)index);

    private static Vector256<ushort> Sixteen(ref char first, int index) =>
        Vector256.LoadUnsafe(ref Unsafe.As<char, ushort>(ref first), (nuint)index);
}
