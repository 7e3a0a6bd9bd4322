using System.Runtime.InteropServices;

namespace OtelTelemetry.Exporters.RemoteWrite;

/// <summary>
/// Knows which series were sent last time, so that one that is sent no more can be ended, and one that comes twice is sent once.
/// A series is its labels as they are encoded. Not thread-safe.
/// </summary>
internal sealed class SeriesLedger
{
    private readonly Dictionary<byte[], State> _series = new(LabelBytes.Comparer);
    private readonly Dictionary<byte[], State>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private int _export;

    public SeriesLedger() => _lookup = _series.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>How many series are known.</summary>
    public int Count => _series.Count;

    /// <summary>Begins an export.</summary>
    public void Begin() => _export++;

    /// <summary>Enters a series of this export.</summary>
    /// <returns>False when it was entered already.</returns>
    public bool Enter(ReadOnlySpan<byte> labels, bool isNative)
    {
        ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(_lookup, labels, out var known);
        if (known && state.Export == _export) return false;
        state = new State(_export, isNative);
        return true;
    }

    /// <summary>Takes out the series that were not entered in this export.</summary>
    public List<(byte[] Labels, bool IsNative)> TakeVanished()
    {
        var vanished = new List<(byte[], bool)>();
        foreach (var (labels, state) in _series)
        {
            if (state.Export != _export) vanished.Add((labels, state.IsNative));
        }

        foreach (var (labels, _) in vanished) _series.Remove(labels);
        return vanished;
    }

    private readonly record struct State(int Export, bool IsNative);
}
