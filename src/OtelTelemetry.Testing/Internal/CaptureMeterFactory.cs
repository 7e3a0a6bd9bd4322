using System.Diagnostics.Metrics;

namespace OtelTelemetry.Testing.Internal;

/// <summary>Makes meters that say whose they are. Thread-safe.</summary>
internal sealed class CaptureMeterFactory : IMeterFactory
{
    private readonly Dictionary<(string Name, string? Version), Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        lock (_meters)
        {
            if (_meters.TryGetValue((options.Name, options.Version), out var there)) return there;
            var meter = new FactoryMeter(options.Name, options.Version, options.Tags, scope: this);
            _meters.Add((options.Name, options.Version), meter);
            return meter;
        }
    }

    public void Dispose()
    {
        lock (_meters)
        {
            foreach (var meter in _meters.Values.OfType<FactoryMeter>()) meter.End();
            _meters.Clear();
        }
    }

    /// <summary>Whoever gets a meter of a factory may dispose it; only the factory ends it.</summary>
    private sealed class FactoryMeter(string name, string? version, IEnumerable<KeyValuePair<string, object?>>? tags, object scope) : Meter(name, version, tags, scope)
    {
        public void End() => base.Dispose(true);

#pragma warning disable CA2215 // Not ending it is the purpose.
        protected override void Dispose(bool disposing)
        {
        }
#pragma warning restore CA2215
    }
}
