using OpenTelemetry.Metrics;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Reading.Sdk;

namespace OtelTelemetry.Reading;

/// <summary>
/// Reads the instruments of other libraries: a reader to add to the application's MeterProvider
/// (<c>builder.AddReader(source.Reader)</c>), collected on demand. Without a provider it yields nothing.
/// Collections are shared: one younger than <see cref="DefaultSharedFor"/> is used again, and callers that come during a
/// collection wait for it instead of starting their own. A collection that fails or takes too long never throws; the last one
/// is used then, and <see cref="FailedCollections"/> counts it. Thread-safe.
/// </summary>
internal sealed class SdkMetricSource : IMetricSource, IDisposable
{
    /// <summary>How long a collection is shared when nothing else is said: 1 second, so that several scrapers cost one collection.</summary>
    public static readonly TimeSpan DefaultSharedFor = TimeSpan.FromSeconds(1);

    /// <summary>How long a collection may take when nothing else is said: 10 seconds, Prometheus' own default scrape timeout.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    // Two alternate in steady state; a few more serve slow scrapers. Others are left to the garbage collector.
    private const int MaxFreeSnapshots = 4;

    private readonly Lock _gate = new();
    private readonly Stack<SdkSnapshot> _free = new(MaxFreeSnapshots);
    private readonly SdkSnapshotExporter _exporter;
    private readonly BaseExportingMetricReader _reader;
    private readonly TimeSpan _sharedFor;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly Action _collectOnce;
    private SdkSnapshot? _latest;
    private Task? _running;
    private long _runningSince;
    private long _failures;
    private int _waiting;

    /// <summary>Makes a source.</summary>
    /// <param name="isOwned">Says of a meter's and instrument's name whether it is one of ours, which our exporters read elsewhere.</param>
    /// <param name="sharedFor">How long a collection is shared; zero for not at all. Default <see cref="DefaultSharedFor"/>.</param>
    /// <param name="timeout">How long to wait for a collection. Default <see cref="DefaultTimeout"/>.</param>
    /// <param name="timeProvider">Tells how old a collection is.</param>
    public SdkMetricSource(Func<string, string, bool>? isOwned = null, TimeSpan? sharedFor = null, TimeSpan? timeout = null, TimeProvider? timeProvider = null)
    {
        _sharedFor = sharedFor ?? DefaultSharedFor;
        _timeout = timeout ?? DefaultTimeout;
        _time = timeProvider ?? TimeProvider.System;
        _collectOnce = CollectOnce;
        _exporter = new SdkSnapshotExporter(this, isOwned ?? (static (_, _) => false));
        _reader = new BaseExportingMetricReader(_exporter) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative };
    }

    /// <summary>The reader to add to one MeterProvider, which then owns it.</summary>
    public MetricReader Reader => _reader;

    /// <summary>How many collections failed or took longer than the timeout.</summary>
    public long FailedCollections => Volatile.Read(ref _failures);

    /// <summary>How many callers wait for a collection at this moment.</summary>
    internal int WaitingCallers => Volatile.Read(ref _waiting);

    /// <inheritdoc/>
    public void Collect(MetricCollection collection)
    {
        if (_exporter.ParentProvider is null) return;

        Refresh();
        lock (_gate)
        {
            if (_latest is not { } snapshot) return;
            snapshot.Holders++;
            collection.OnReleased(snapshot);
            snapshot.AddTo(collection);
        }
    }

    /// <summary>Ends the reader. The provider it was added to does the same.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        _exporter.Dispose();
    }

    internal SdkSnapshot Rent()
    {
        lock (_gate)
        {
            if (!_free.TryPop(out var snapshot)) snapshot = new SdkSnapshot(this);
            snapshot.Holders = 1;
            snapshot.Clear();
            return snapshot;
        }
    }

    /// <summary>Makes a filled snapshot the latest one.</summary>
    internal void Publish(SdkSnapshot snapshot)
    {
        lock (_gate)
        {
            snapshot.Timestamp = _time.GetTimestamp();
            var previous = _latest;
            _latest = snapshot;
            if (previous is not null) ReleaseHeld(previous);
        }
    }

    /// <summary>Gives back a snapshot that could not be filled.</summary>
    internal void Abandon(SdkSnapshot snapshot) => Release(snapshot);

    internal void Release(SdkSnapshot snapshot)
    {
        lock (_gate) ReleaseHeld(snapshot);
    }

    private void ReleaseHeld(SdkSnapshot snapshot)
    {
        if (--snapshot.Holders == 0 && _free.Count < MaxFreeSnapshots) _free.Push(snapshot);
    }

    private void Refresh()
    {
        Task running;
        TimeSpan patience;
        lock (_gate)
        {
            if (_latest is { } latest && _sharedFor > TimeSpan.Zero && _time.GetElapsedTime(latest.Timestamp) < _sharedFor) return;

            if (_running is not { IsCompleted: false })
            {
                _runningSince = _time.GetTimestamp();
                // A thread of its own: an observable callback that hangs must not take a pool thread, nor hang a scrape for ever,
                // and a scrape must work when the pool is exhausted.
                _running = StartDetached(_collectOnce);
            }

            running = _running;
            // Whoever comes while a collection hangs waits only for what is left of its time, then uses the last snapshot.
            patience = _timeout - _time.GetElapsedTime(_runningSince);
        }

        Interlocked.Increment(ref _waiting);
        if (!running.Wait(patience > TimeSpan.Zero ? patience : TimeSpan.Zero)) CountFailure();
        Interlocked.Decrement(ref _waiting);
    }

    /// <summary>Starts it without the caller's ambient state: callbacks must not see the Activity of whoever happens to scrape.</summary>
    private static Task StartDetached(Action action)
    {
        var suppress = !ExecutionContext.IsFlowSuppressed();
        if (suppress) ExecutionContext.SuppressFlow();
        try
        {
            return Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            if (suppress) ExecutionContext.RestoreFlow();
        }
    }

    private void CollectOnce()
    {
        try
        {
            if (!_reader.Collect((int)_timeout.TotalMilliseconds)) CountFailure();
        }
        catch (Exception exception)
        {
            CountFailure(exception);
        }
    }

    private void CountFailure(Exception? exception = null)
    {
        Interlocked.Increment(ref _failures);
        TelemetryLosses.Count("metrics", "sdk_reader", "collection_failed");
        TelemetryErrors.Report(Diagnostic.InstrumentCollectionFailed,
            "sdk_reader",
            $"collecting the instruments of other libraries failed or took longer than {_timeout}; their last values are shown",
            "An observable instrument's callback that throws or hangs is the usual cause; if it is only slow, raise Telemetry:Prometheus:CollectionTimeout",
            exception);
    }
}
