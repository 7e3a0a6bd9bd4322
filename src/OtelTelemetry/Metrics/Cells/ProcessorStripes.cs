using System.Numerics;
using System.Runtime.CompilerServices;

namespace OtelTelemetry.Metrics.Cells;

/// <summary>How many stripes a contended cell gets, and which one the calling thread uses.</summary>
internal static class ProcessorStripes
{
    private const int Most = 64;

    internal static readonly int Count = (int)Math.Min(Most, BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount));

    internal static int Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Thread.GetCurrentProcessorId() & (Count - 1);
    }
}
