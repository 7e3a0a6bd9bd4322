using OtelTelemetry.Diagnostics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters;

/// <summary>
/// Exports on an interval: the first time after a part of it that is chosen at random, so that many processes started at once do not
/// export at once; never twice at the same time; and once more when it stops. An export that throws, fails or takes too long is
/// counted (<c>telemetry_dropped_total</c>) and reported, loudly once and then quietly. Thread-safe.
/// </summary>
public sealed class PeriodicExporter : IAsyncDisposable
{
    private readonly MetricsExporter _exporter;
    private readonly Func<MetricCollection> _collect;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _timer;
    private Task _running = Task.CompletedTask;
    private Task<MetricsExportResult> _export = Task.FromResult(MetricsExportResult.Success(0));
    private Task? _stopped;
    private long _exports;
    private long _failures;

    /// <summary>Makes a periodic exporter of the metrics of one read model. It does nothing before <see cref="Start"/>.</summary>
    /// <param name="exporter">The exporter, which ends with this object.</param>
    /// <param name="readModel">The metrics, for instance <see cref="TelemetryManager.ReadModel"/>.</param>
    /// <param name="interval">How often; more than zero. Default: 15 seconds.</param>
    /// <param name="timeout">The most time an export may take; more than zero. Default: 10 seconds.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="random">Chooses the first moment; null for the shared one.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is not more than zero.</exception>
    public PeriodicExporter(
        MetricsExporter exporter, MetricReadModel readModel, TimeSpan? interval = null, TimeSpan? timeout = null, TimeProvider? timeProvider = null, Random? random = null)
        : this(exporter, Collector(readModel), interval, timeout, timeProvider, random) => Observer = readModel.Observer;

    internal PeriodicExporter(
        MetricsExporter exporter, Func<MetricCollection> collect, TimeSpan? interval = null, TimeSpan? timeout = null, TimeProvider? timeProvider = null, Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(exporter);
        _exporter = exporter;
        _collect = collect;
        _interval = Positive(interval ?? TimeSpan.FromSeconds(15), nameof(interval));
        _timeout = Positive(timeout ?? TimeSpan.FromSeconds(10), nameof(timeout));
        _time = timeProvider ?? TimeProvider.System;
        _random = random ?? Random.Shared;
    }

    /// <summary>The exporter's name.</summary>
    public string Name => _exporter.Name;

    /// <summary>Told of every export; null where the metrics belong to no application.</summary>
    internal PipelineObserver? Observer { get; init; }

    /// <summary>The last export that the interval began; over when the next one can begin.</summary>
    internal Task Running
    {
        get
        {
            lock (_gate) return _running;
        }
    }

    /// <summary>How many exports ended well.</summary>
    public long Exports => Volatile.Read(ref _exports);

    /// <summary>How many exports failed or took too long.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Begins. Does nothing the second time, or after the end.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_timer is not null || _stopped is not null) return;
            _timer = _time.CreateTimer(static state => ((PeriodicExporter)state!).OnTime(), this, _interval * _random.NextDouble(), _interval);
        }
    }

    /// <summary>Exports now, after an export that is under way. Never throws.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether it ended well.</returns>
    public async Task<bool> ExportNowAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }

        var started = Observer?.Start() ?? 0;
        var done = false;
        try
        {
            return done = await ExportAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            var result = done ? await _export.ConfigureAwait(false) : default;
            Observer?.Exported(Name, result.Items, result.Bytes > 0 ? result.Bytes : null, started, done);
            _turn.Release();
        }
    }

    /// <summary>Exports once more and ends, within the time for an export; an export under way is given that time as well. Never throws.</summary>
    public async ValueTask DisposeAsync()
    {
        Task stopped;
        lock (_gate) stopped = _stopped ??= StopAsync();
        await stopped.ConfigureAwait(false);
    }

    private static Func<MetricCollection> Collector(MetricReadModel readModel)
    {
        ArgumentNullException.ThrowIfNull(readModel);
        return readModel.Collect;
    }

    private static TimeSpan Positive(TimeSpan time, string name) =>
        time > TimeSpan.Zero ? time : throw new ArgumentOutOfRangeException(name, time, "It must be more than zero.");

    private void OnTime()
    {
        lock (_gate)
        {
            // One that takes longer than the interval makes the next ones wait for their own turn.
            if (_stopped is not null || !_running.IsCompleted) return;
            _running = Task.Run(() => ExportNowAsync(_stopping.Token));
        }
    }

    private async Task StopAsync()
    {
        ITimer? timer;
        lock (_gate) timer = _timer;
        if (timer is not null) await timer.DisposeAsync().ConfigureAwait(false);
        // What is under way has its own time; a last export follows it.
        using var limit = new CancellationTokenSource(_timeout, _time);
        if (timer is not null) await ExportNowAsync(limit.Token).ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        try
        {
            await _exporter.DisposeAsync().AsTask().WaitAsync(_timeout, _time).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            TelemetryErrors.Report(Diagnostic.ExporterCloseFailed, _exporter.Name, "the exporter failed while it was closed", "See the cause", exception);
        }
    }

    private async Task<bool> ExportAsync(CancellationToken cancellationToken)
    {
        // It ignored the end of its time. A second one beside it would only make things worse.
        if (!_export.IsCompleted) return Failed("the export before still runs although its time is over", null);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            using var timeout = new CancellationTokenSource(_timeout, _time);
            using var registration = timeout.Token.Register(limit.Cancel);
            // An exporter that ignores its token keeps the collection; it must not keep whoever waits.
            _export = Task.Run(() => ExportOnceAsync(limit.Token), CancellationToken.None);
            var result = await _export.WaitAsync(_timeout, _time, cancellationToken).ConfigureAwait(false);
            if (!result.Succeeded) return Failed(result.Problem!, result.Cause);
            Interlocked.Increment(ref _exports);
            return true;
        }
        catch (TimeoutException exception)
        {
            return Failed($"the export took longer than {_timeout}", exception);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception)
        {
            return Failed("the export failed", exception);
        }
    }

    private async Task<MetricsExportResult> ExportOnceAsync(CancellationToken cancellationToken)
    {
        using var collection = _collect();
        return await _exporter.ExportAsync(collection.Families, cancellationToken).ConfigureAwait(false);
    }

    private bool Failed(string problem, Exception? cause)
    {
        Interlocked.Increment(ref _failures);
        TelemetryLosses.Count("metrics", _exporter.Name, "export_failed");
        TelemetryErrors.Report(Diagnostic.ExportFailed, _exporter.Name, problem, "The next export carries the current values; see the cause", cause);
        return false;
    }
}
