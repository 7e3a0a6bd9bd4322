using System.Diagnostics;
using OpenTelemetry.Logs;
using OtelTelemetry.Delivery;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Logging.Formats;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Logging.Sinks.Queue;

/// <summary>
/// A sink that turns a record into bytes on the thread that logs, and writes on a thread of its own. What waits is bounded: beyond the bound records are
/// dropped and counted, the application never waits. Records of one thread stay in their order. What cannot be written is tried again
/// until it can, or until the end.
/// </summary>
public abstract class QueuedLogSink : LogSink
{
    private static readonly Counter s_written = new MetricsCollector("telemetry").CreateCounter("log_records_written_total", "Log records that were written, by sink.", "sink");

    private readonly Lock _gate = new();
    private readonly LogFormatter _formatter;
    private readonly LogQueueSettings _settings;
    private readonly Queue<LogBlock> _full = [];
    private readonly WakeSignal _wake = new();
    private readonly object _turn = new();
    private readonly Thread _writer;
    private readonly ITimer _timer;
    private readonly BoundCounter _writtenMetric;
    private readonly string _component;

    private LogBlock _filling;
    private LogBlock? _free;
    private LogBlock? _writing;
    private long _bytes;
    private long _accepted;
    private long _written;
    private long _dropped;
    private long _turnsBegun;
    private long _turnsEnded;
    private bool _isStarted;
    private bool _isTimerArmed;
    private bool _isFailing;
    private bool _isClosing;
    private bool _hasEnded;

    /// <param name="context">What it is made with.</param>
    /// <param name="formatter">Turns records into bytes.</param>
    /// <param name="settings">How it buffers.</param>
    private protected QueuedLogSink(LogSinkContext context, LogFormatter formatter, LogQueueSettings settings)
    {
        _formatter = formatter;
        _settings = settings;
        _component = LogSinkProcessor.ComponentOf(context.Name);
        _writtenMetric = s_written.With(_component);
        _filling = new LogBlock(settings.BlockBytes);
        _timer = context.TimeProvider.CreateTimer(static sink => ((QueuedLogSink)sink!)._wake.Set(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _writer = new Thread(Run) { IsBackground = true, Name = $"OtelTelemetry {_component}" };
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        AppDomain.CurrentDomain.UnhandledException += OnProcessExit;
    }

    /// <summary>What became of its records. Thread-safe.</summary>
    public LogSinkStatistics Statistics
    {
        get
        {
            lock (_gate) return new LogSinkStatistics(_accepted, _written, _dropped, _accepted - _written - _dropped);
        }
    }

    /// <summary>What the sink is called in metrics and messages.</summary>
    internal string Component => _component;

    /// <inheritdoc/>
    public sealed override void Write(LogRecord record)
    {
        var line = LogLine.Take();
        try
        {
            _formatter.Write(line, record);
            Add(line.Buffer.Written);
        }
        finally
        {
            LogLine.Return(line);
        }
    }

    /// <inheritdoc/>
    public sealed override bool Flush(TimeSpan timeout)
    {
        var started = Stopwatch.GetTimestamp();
        long target;
        lock (_gate) target = _accepted;
        while (true)
        {
            long turn;
            lock (_turn) turn = _turnsBegun + 1;
            lock (_gate)
            {
                if (Done >= target) return true;
                if (_hasEnded) return false;
            }

            _wake.Set();
            var came = WaitForTurn(turn, timeout == Timeout.InfiniteTimeSpan ? timeout : Max(timeout - Stopwatch.GetElapsedTime(started), TimeSpan.Zero));
            lock (_gate)
            {
                if (Done >= target) return true;
                if (!came || _isFailing) return false;
            }
        }
    }

    /// <inheritdoc/>
    public sealed override void Close(TimeSpan timeout)
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        AppDomain.CurrentDomain.UnhandledException -= OnProcessExit;
        lock (_gate) _isClosing = true;
        _wake.Set();
        if (_isStarted) _writer.Join(timeout == Timeout.InfiniteTimeSpan ? timeout : Max(timeout, TimeSpan.Zero));
        _timer.Dispose();
        GiveUp();
    }

    /// <summary>Writes the records of a block that are not written yet, and moves <see cref="LogBlock.Written"/> on with what it has written. Called by one thread. What it throws is reported,
    /// and the rest tried again later.</summary>
    private protected abstract void WriteBlock(LogBlock block);

    /// <summary>Called when nothing waits any more: what the sink itself buffers goes to its place. Called by one thread.</summary>
    private protected virtual void Written()
    {
    }

    /// <summary>The process ends, and nobody has closed the sink.</summary>
    private protected virtual void FlushAtExit(TimeSpan timeout) => Flush(timeout);

    /// <summary>The end, on the writing thread.</summary>
    private protected virtual void Ended()
    {
    }

    /// <summary>Says in the operator's words what keeps the sink from writing.</summary>
    private protected abstract (string Problem, string Remedy) Explain(Exception exception);

    /// <summary>Counts records as lost that were taken, in a sink that finds out by itself.</summary>
    private protected void Drop(string reason, long records)
    {
        TelemetryLosses.Count("logs", _component, reason, records);
        lock (_gate) _dropped += records;
    }

    private long Done => _written + _dropped;

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private void Add(ReadOnlySpan<byte> record)
    {
        string? reason;
        var wakes = false;
        lock (_gate)
        {
            _accepted++;
            reason = WhyNot(record.Length);
            if (reason is null)
            {
                wakes = Append(record);
                _bytes += record.Length;
            }
            else
            {
                _dropped++;
            }
        }

        if (reason is not null) TelemetryLosses.Count("logs", _component, reason);
        if (wakes) _wake.Set();
    }

    private string? WhyNot(int length)
    {
        if (_isClosing) return DeliveryDropReasons.Shutdown;
        if (length > _settings.MaxBytes) return DeliveryDropReasons.TooLarge;
        if (_bytes + length <= _settings.MaxBytes) return null;
        return _isFailing ? "write_failed" : DeliveryDropReasons.QueueFull;
    }

    /// <returns>Whether the writer is to be woken.</returns>
    private bool Append(ReadOnlySpan<byte> record)
    {
        var wakes = false;
        if (_filling.Count >= _settings.BlockRecords || !_filling.TryAdd(record))
        {
            if (_filling.Count > 0) _full.Enqueue(_filling);
            else _filling.Return();
            wakes = !_isFailing;
            _filling = Interlocked.Exchange(ref _free, null) ?? new LogBlock(_settings.BlockBytes);
            if (!_filling.TryAdd(record))
            {
                _filling.Return();
                _filling = new LogBlock(record.Length);
                _filling.TryAdd(record);
            }
        }

        if (!_isStarted)
        {
            _isStarted = true;
            _writer.Start();
        }

        if (_isTimerArmed) return wakes;
        _isTimerArmed = true;
        if (_isFailing) return false;
        if (_settings.FlushInterval == TimeSpan.Zero) return true;
        _timer.Change(_settings.FlushInterval, Timeout.InfiniteTimeSpan);
        return wakes;
    }

    private void Run()
    {
        // What the sink itself does is neither traced nor logged again.
        using var suppressed = OpenTelemetry.SuppressInstrumentationScope.Begin();
        while (true)
        {
            _wake.Wait();
            WriteAll();
            if (!Volatile.Read(ref _isClosing)) continue;

            // What came after the last look, before it was closed.
            WriteAll();
            break;
        }

        Guard(Ended);
    }

    private void WriteAll()
    {
        lock (_turn) _turnsBegun++;
        try
        {
            while (Next() is { } block)
            {
                Write(block);
            }

            Written();
            lock (_gate) _isFailing = false;
        }
        catch (Exception exception)
        {
            lock (_gate) _isFailing = true;
            var (problem, remedy) = Explain(exception);
            TelemetryErrors.Report(Diagnostic.LogSinkUnavailable, _component, problem, remedy, exception, problem);
            if (!_isClosing) _timer.Change(_settings.RetryDelay, Timeout.InfiniteTimeSpan);
        }

        EndTurn();
    }

    private void EndTurn()
    {
        lock (_turn)
        {
            _turnsEnded = _turnsBegun;
            Monitor.PulseAll(_turn);
        }
    }

    /// <returns>Whether the turn with this number has ended.</returns>
    private bool WaitForTurn(long turn, TimeSpan timeout)
    {
        var started = Stopwatch.GetTimestamp();
        lock (_turn)
        {
            while (_turnsEnded < turn)
            {
                var left = timeout == Timeout.InfiniteTimeSpan ? timeout : Max(timeout - Stopwatch.GetElapsedTime(started), TimeSpan.Zero);
                if (left == TimeSpan.Zero || !Monitor.Wait(_turn, left)) return _turnsEnded >= turn;
            }

            return true;
        }
    }

    private LogBlock? Next()
    {
        lock (_gate)
        {
            if (_hasEnded) return null;
            if (_writing is not null) return _writing;
            if (_full.TryDequeue(out var block)) return _writing = block;
            _isTimerArmed = false;
            if (_filling.Count == 0) return null;
            _writing = _filling;
            _filling = Interlocked.Exchange(ref _free, null) ?? new LogBlock(_settings.BlockBytes);
            return _writing;
        }
    }

    private void Write(LogBlock block)
    {
        var before = block.Written;
        try
        {
            WriteBlock(block);
        }
        finally
        {
            var records = block.Written - before;
            if (records > 0)
            {
                _writtenMetric.Inc(records);
                lock (_gate)
                {
                    // What was given up is counted as lost already.
                    if (!_hasEnded) _written += records;
                }
            }
        }

        lock (_gate)
        {
            _writing = null;
            _bytes -= block.Length;
        }

        Recycle(block);
    }

    private void Recycle(LogBlock block)
    {
        block.Reset();
        if (Interlocked.CompareExchange(ref _free, block, null) is not null) block.Return();
    }

    /// <summary>What is left at the end is lost.</summary>
    private void GiveUp()
    {
        long lost;
        lock (_gate)
        {
            _hasEnded = true;
            lost = _accepted - _written - _dropped;
            _dropped += lost;
            _full.Clear();
        }

        lock (_turn) _turnsBegun++;
        EndTurn();
        if (lost == 0) return;
        TelemetryLosses.Count("logs", _component, DeliveryDropReasons.Shutdown, lost);
        TelemetryErrors.Report(Diagnostic.LogSinkGaveUp, _component, $"{lost} log records could not be written before the end, and are lost", "See why the sink could not be written, or give the application more time to end (Telemetry:ShutdownTimeout)", kind: "shutdown");
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            var (problem, remedy) = Explain(exception);
            TelemetryErrors.Report(Diagnostic.LogSinkCloseFailed, _component, problem, remedy, exception);
        }
    }

    /// <summary>An application that ends without its host, or by an exception nobody caught, leaves nothing behind in memory.</summary>
    private void OnProcessExit(object? sender, EventArgs e) => FlushAtExit(TimeSpan.FromSeconds(2));
}
