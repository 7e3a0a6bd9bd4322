using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace OtelTelemetry.Reading.Sdk;

/// <summary>The end of the SDK's pipeline: copies what a collection gives into a snapshot. It carries no Pull attribute on purpose:
/// with it, MeterProvider.ForceFlush would report failure whenever a pull reader is registered.</summary>
internal sealed class SdkSnapshotExporter(SdkMetricSource source, Func<string, string, bool> isOwned) : BaseExporter<Metric>
{
    // One provider collects on one thread at a time; the lock only guards against a provider that does not.
    private readonly Lock _gate = new();
    private readonly Dictionary<Metric, SdkInstrument?> _instruments = new(ReferenceEqualityComparer.Instance);
    private long _collection;

    public override ExportResult Export(in Batch<Metric> batch)
    {
        lock (_gate)
        {
            var snapshot = source.Rent();
            try
            {
                Copy(batch, snapshot);
            }
            catch (Exception)
            {
                source.Abandon(snapshot);
                return ExportResult.Failure;
            }

            source.Publish(snapshot);
            return ExportResult.Success;
        }
    }

    private void Copy(in Batch<Metric> batch, SdkSnapshot snapshot)
    {
        _collection++;
        var seen = 0;
        foreach (var metric in batch)
        {
            if (!_instruments.TryGetValue(metric, out var instrument))
            {
                instrument = isOwned(metric.MeterName, metric.Name) ? null : SdkInstrument.From(metric);
                _instruments.Add(metric, instrument);
            }

            seen++;
            if (instrument is null) continue;
            instrument.LastSeen = _collection;
            snapshot.NextFamily().Fill(instrument, metric);
        }

        if (_instruments.Count > seen) ForgetVanished();
    }

    private void ForgetVanished()
    {
        foreach (var (metric, instrument) in _instruments)
        {
            if (instrument is null || instrument.LastSeen != _collection) _instruments.Remove(metric);
        }
    }
}
