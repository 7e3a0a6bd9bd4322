namespace OtelTelemetry.Reading;

/// <summary>The metric families of one collection. Dispose it when reading is over: buffers are then used again.</summary>
public sealed class MetricCollection : IDisposable
{
    private readonly List<MetricFamilyReader> _families = [];
    private readonly List<IDisposable> _leases = [];

    internal MetricCollection()
    {
    }

    /// <summary>The families, in no order. Two may have the same name when two meters have instruments of one name.</summary>
    public IReadOnlyList<MetricFamilyReader> Families => _families;

    internal void Add(MetricFamilyReader family) => _families.Add(family);

    /// <summary>Registers what is given back when the collection is disposed.</summary>
    internal void OnReleased(IDisposable lease) => _leases.Add(lease);

    /// <summary>Ends the reading.</summary>
    public void Dispose()
    {
        foreach (var lease in _leases) lease.Dispose();
        _leases.Clear();
        _families.Clear();
    }
}
