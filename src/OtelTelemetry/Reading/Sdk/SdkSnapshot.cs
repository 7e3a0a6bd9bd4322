namespace OtelTelemetry.Reading.Sdk;

/// <summary>What one collection of the SDK's metrics gave. Does not change while anybody holds a lease on it.</summary>
internal sealed class SdkSnapshot(SdkMetricSource owner) : IDisposable
{
    private readonly List<SdkFamily> _families = [];
    private int _count;

    /// <summary>How many hold it: leases, and the source itself while it is the latest. Guarded by the source's lock.</summary>
    public int Holders { get; set; }

    /// <summary>When it was taken, on the source's clock.</summary>
    public long Timestamp { get; set; }

    public void Clear() => _count = 0;

    public SdkFamily NextFamily()
    {
        if (_count == _families.Count) _families.Add(new SdkFamily());
        return _families[_count++];
    }

    public void AddTo(MetricCollection collection)
    {
        for (var i = 0; i < _count; i++) collection.Add(_families[i]);
    }

    /// <summary>Gives one lease back.</summary>
    public void Dispose() => owner.Release(this);
}
