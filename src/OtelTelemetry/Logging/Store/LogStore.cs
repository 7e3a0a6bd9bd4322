using OpenTelemetry.Logs;
using OtelTelemetry.Delivery;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Logging.Formats;

namespace OtelTelemetry.Logging.Store;

/// <summary>
/// Keeps the last log records of the application, as they are after every processor, to be read back: in development, in tests, for a page of an application.
/// Bounded in number and bytes: past a bound the oldest make room, and are counted. <see cref="TelemetryManager.Logs"/> is the application's. Thread-safe.
/// </summary>
public sealed class LogStore
{
    /// <summary>The most records a store can be asked to keep.</summary>
    internal const int LargestCapacity = 1_000_000;

    /// <summary>The least bytes a store can be given.</summary>
    internal const long LeastBytes = 64 * 1024;

    private const string Component = "log_store";

    private readonly Lock _gate = new();
    private readonly Queue<StoredLog> _records = new();
    private long _bytes;
    private long _pushedOut;
    private long _last;

    internal LogStore(int capacity, long maxBytes)
    {
        Capacity = capacity;
        MaxBytes = maxBytes;
    }

    /// <summary>The most records that are kept; 0 where telemetry has no store.</summary>
    public int Capacity { get; }

    /// <summary>About the most bytes they may take.</summary>
    public long MaxBytes { get; }

    /// <summary>How many records are kept now.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _records.Count;
        }
    }

    /// <summary>About how many bytes they take.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate) return _bytes;
        }
    }

    /// <summary>How many records had to make room so far; also <c>telemetry_logs_pushed_out_total</c>.</summary>
    public long PushedOut => Interlocked.Read(ref _pushedOut);

    /// <summary>Reads a page of records.</summary>
    /// <param name="query">Which records, in which order, and how many; null for the 100 newest.</param>
    /// <exception cref="ArgumentException">The limit is out of its range.</exception>
    public IReadOnlyList<StoredLog> GetLogs(LogQuery? query = null)
    {
        query ??= new LogQuery();
        if (query.Limit is < 1 or > LogQuery.LargestLimit)
        {
            throw new ArgumentException($"{nameof(LogQuery)}.{nameof(LogQuery.Limit)} is {query.Limit}; allowed: 1 to {LogQuery.LargestLimit}.", nameof(query));
        }

        // Who logs does not wait until every record has been looked at.
        StoredLog[] records;
        lock (_gate) records = [.. _records];

        // Threads may have come in another order than they got their numbers.
        Array.Sort(records, query.Order == LogOrder.NewestFirst ? static (left, right) => right.Id.CompareTo(left.Id) : static (left, right) => left.Id.CompareTo(right.Id));
        return [.. records.Where(query.Compile()).Take(query.Limit)];
    }

    /// <summary>Forgets all records.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _records.Clear();
            _bytes = 0;
        }
    }

    internal void Add(LogRecord record)
    {
        if (Copy(record) is not { } one) return;
        if (one.Bytes > MaxBytes)
        {
            TelemetryLosses.Count("logs", Component, DeliveryDropReasons.TooLarge);
            return;
        }

        var pushedOut = 0;
        lock (_gate)
        {
            _records.Enqueue(one);
            _bytes += one.Bytes;
            for (; _records.Count > Capacity || _bytes > MaxBytes; pushedOut++) _bytes -= _records.Dequeue().Bytes;
        }

        if (pushedOut == 0) return;
        Interlocked.Add(ref _pushedOut, pushedOut);
        SelfMetrics.LogsPushedOut.Inc(pushedOut);
    }

    private StoredLog? Copy(LogRecord record)
    {
        var line = LogLine.Take();
        try
        {
            return new StoredLog(Interlocked.Increment(ref _last), record, line.Scopes);
        }
        catch (Exception exception)
        {
            TelemetryLosses.Count("logs", Component, "failed");
            LogErrors.Report(Diagnostic.LogNotKept, Component, "a log record could not be kept", "See the cause: a value of the record threw", exception);
            return null;
        }
        finally
        {
            LogLine.Return(line);
        }
    }
}
