using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Collectors.Recording;

/// <summary>
/// The bounded buffer between a collector and one sink. Batches are written one at a time, in the order of the records, on a thread of
/// the pool: when one is full, when its oldest measurement has waited long enough, or on <see cref="FlushAsync"/>. Thread-safe.
/// </summary>
internal sealed class MetricSinkBuffer : IThreadPoolWorkItem
{
    private readonly IMetricSink _sink;
    private readonly MetricBufferOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly DropCounters _dropped;
    private readonly Lock _gate = new();
    private readonly List<(long Target, TaskCompletionSource Reached)> _flushes = [];
    private readonly string _name;

    // A ring that grows up to the capacity.
    private Metric[] _waiting;
    private int _first;
    private int _count;
    private readonly Metric[] _batch;
    private int _writing;
    private bool _busy;
    private bool _due;
    private bool _ended;
    private long _accepted;
    private long _flushed;

    // How many measurements have left, one way or the other, of those that found a place.
    private long _placed;
    private long _gone;

    internal MetricSinkBuffer(IMetricSink sink, MetricBufferOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (options.Check().FirstOrDefault() is { Property: not null } wrong)
        {
            throw new ArgumentException($"{nameof(MetricBufferOptions)}.{wrong.Property}: {wrong.Problem}. {wrong.Remedy}.", nameof(options));
        }

        _sink = sink;
        _options = options with { };
        _time = time;
        _name = string.IsNullOrEmpty(sink.Name) ? "metric_sink" : sink.Name;
        _dropped = new DropCounters(_name);
        _waiting = new Metric[Math.Min(options.BatchSize, 64)];
        _batch = new Metric[options.BatchSize];
        _timer = time.CreateTimer(static state => ((MetricSinkBuffer)state!).OnTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal void Add(in Metric metric)
    {
        var start = false;
        lock (_gate)
        {
            _accepted++;
            if (_ended || _count == _options.Capacity)
            {
                _dropped.Count(_ended ? CollectorDropReasons.Stopped : CollectorDropReasons.BufferFull);
                return;
            }

            Place(metric.Timestamp == default ? metric with { Timestamp = _time.GetUtcNow() } : metric);
            if (_count == 1 && !_busy) _timer.Change(_options.FlushInterval, Timeout.InfiniteTimeSpan);
            if (_count >= _options.BatchSize && !_busy) start = _busy = true;
        }

        if (start) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Waits until everything that is in the buffer now was written or lost, the time for a batch at most. Never throws.</summary>
    internal async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        TaskCompletionSource reached;
        var start = false;
        lock (_gate)
        {
            if (_gone == _placed) return;
            reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _flushes.Add((_placed, reached));
            _due = true;
            if (!_busy) start = _busy = true;
        }

        if (start) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        try
        {
            await reached.Task.WaitAsync(_options.WriteTimeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // What is left is written later, or counted as lost at the end.
        }
    }

    /// <summary>Writes what is left, within the time for a batch, and ends the sink. What was not written by then is lost and counted. Never throws.</summary>
    internal async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_ended) return;
            _ended = true;
        }

        await FlushAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        bool hangs;
        lock (_gate)
        {
            hangs = _writing > 0;
            Lose(CollectorDropReasons.TimedOut, _writing);
            Lose(CollectorDropReasons.Stopped, _count);
            _writing = _count = 0;
        }

        // A sink that still writes is left alone.
        if (!hangs) await EndSinkAsync().ConfigureAwait(false);
    }

    internal SinkStatistics GetStats()
    {
        lock (_gate)
        {
            return new SinkStatistics { Name = _name, Accepted = _accepted, Buffered = _count + _writing, Flushed = _flushed, Dropped = _dropped.Read() };
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = WriteAsync();

    private void OnTime()
    {
        lock (_gate)
        {
            _due = true;
            if (_busy || _count == 0) return;
            _busy = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Place(in Metric metric)
    {
        if (_count == _waiting.Length)
        {
            var larger = new Metric[Math.Min(_options.Capacity, _count * 2)];
            for (var i = 0; i < _count; i++) larger[i] = _waiting[(_first + i) % _count];
            _waiting = larger;
            _first = 0;
        }

        _waiting[(_first + _count) % _waiting.Length] = metric;
        _count++;
        _placed++;
    }

    /// <summary>Writes batch after batch while there is a full one, or everything when the time has come. Never throws.</summary>
    private async Task WriteAsync()
    {
        while (TakeBatch())
        {
            using var limit = new CancellationTokenSource(_options.WriteTimeout, _time);
            Task? writing = null;
            string? reason = null;
            Exception? error = null;
            try
            {
                writing = _sink.WriteAsync(_batch.AsMemory(0, _writing), limit.Token).AsTask();
                await writing.WaitAsync(_options.WriteTimeout, _time).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                reason = exception is TimeoutException || limit.IsCancellationRequested ? CollectorDropReasons.TimedOut : CollectorDropReasons.Failed;
                error = exception;
            }

            EndBatch(reason);
            if (reason is null) continue;
            TelemetryErrors.Report(Diagnostic.MeasurementSinkFailed,
                _name,
                reason == CollectorDropReasons.Failed ? "the sink of raw measurements failed, and the batch is lost" : $"the sink of raw measurements took longer than {_options.WriteTimeout} for a batch, and the batch is lost",
                "See the cause; the losses are in telemetry_dropped_total",
                error);
            if (writing is not { IsCompleted: false }) continue;
            // It ignores its token and still reads the batch: the next one must neither come beside it nor overwrite it.
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Whether there is something to write.</returns>
    private bool TakeBatch()
    {
        lock (_gate)
        {
            if (_count == 0) _due = false;
            if (_count < _options.BatchSize && !_due)
            {
                _busy = false;
                if (_count > 0 && !_ended) _timer.Change(_options.FlushInterval, Timeout.InfiniteTimeSpan);
                return false;
            }

            _writing = Math.Min(_count, _options.BatchSize);
            for (var i = 0; i < _writing; i++)
            {
                ref var place = ref _waiting[(_first + i) % _waiting.Length];
                _batch[i] = place;
                place = default;
            }

            _first = (_first + _writing) % _waiting.Length;
            _count -= _writing;
            return true;
        }
    }

    private void EndBatch(string? reason)
    {
        lock (_gate)
        {
            if (reason is null)
            {
                _flushed += _writing;
                Leave(_writing);
            }
            else
            {
                Lose(reason, _writing);
            }

            _writing = 0;
        }
    }

    private void Lose(string reason, int count)
    {
        if (count == 0) return;
        _dropped.Count(reason, count);
        Leave(count);
    }

    private void Leave(int count)
    {
        _gone += count;
        for (var i = _flushes.Count - 1; i >= 0; i--)
        {
            if (_flushes[i].Target > _gone) continue;
            _flushes[i].Reached.TrySetResult();
            _flushes.RemoveAt(i);
        }
    }

    private async Task EndSinkAsync()
    {
        try
        {
            if (_sink is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync().ConfigureAwait(false);
            else (_sink as IDisposable)?.Dispose();
        }
        catch (Exception exception)
        {
            TelemetryErrors.Report(Diagnostic.MeasurementSinkCloseFailed, _name, "the sink of raw measurements failed while it was closed", "See the cause", exception);
        }
    }
}
