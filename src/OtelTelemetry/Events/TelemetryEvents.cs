using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Collectors;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Hooks;

namespace OtelTelemetry.Events;

/// <summary>
/// The events of one registry: the latest can be read back, hooks hear of each, and in an application each is also a log record of the
/// category <c>OtelTelemetry.Events</c>. An application's events include those of the process-wide registry. Recording never throws.
/// Thread-safe.
/// </summary>
public sealed class TelemetryEvents
{
    /// <summary>The category of the log records.</summary>
    public const string LogCategory = "OtelTelemetry.Events";

    private const string Component = "events";

    private static long s_lastId;

    private readonly TelemetryEventsOptions _options;
    private readonly TimeProvider _time;
    private readonly HookPoints _hooks;
    private readonly Lock _gate = new();

    // Never changed, only replaced.
    private TelemetryEvents[] _followers = [];
    private ILogger? _logger;

    // A ring that grows up to the most events there may be; its places are in the order of recording.
    private TelemetryEvent?[] _ring = new TelemetryEvent?[16];
    private int _first;
    private int _count;
    private long _pushedOut;

    internal TelemetryEvents(TelemetryEventsOptions options, TimeProvider time, HookPoints hooks)
    {
        _options = new TelemetryEventsOptions { MaxEvents = Math.Max(1, options.MaxEvents), Retention = options.Retention, LogRecords = options.LogRecords };
        _time = time;
        _hooks = hooks;
    }

    /// <summary>How many events can be read back at this moment.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                ForgetOld();
                return _count;
            }
        }
    }

    /// <summary>How many events can no longer be read back, because newer ones took their place or they are too old.</summary>
    public long PushedOut
    {
        get
        {
            lock (_gate) return _pushedOut;
        }
    }

    /// <summary>Records that something happened. The current span's trace and span ids go with it. Never throws.</summary>
    /// <param name="name">What happened, such as <c>user_login</c>. Keep the number of names small; they are counted by name.</param>
    /// <param name="value">What there is to say of it: any object. A dictionary is copied and its entries become attributes; anything else
    /// must not change any more.</param>
    /// <param name="labels">The labels to find it by; null for none. They never become series of a metric.</param>
    /// <param name="metadata">What else is known; null for nothing. Copied.</param>
    public void Record(string name, object? value = null, MetricTags? labels = null, IReadOnlyDictionary<string, object?>? metadata = null)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            TelemetryLosses.Count(Component, Component, CollectorDropReasons.InvalidName);
            TelemetryErrors.Report(Diagnostic.EventWithoutName, Component, "an event without a name was recorded, and is lost", "Give RecordEvent a name that says what happened");
            return;
        }

        try
        {
            var span = Activity.Current;
            var one = new TelemetryEvent(
                Interlocked.Increment(ref s_lastId), name, Copy(value), labels ?? MetricTags.Empty, (IReadOnlyDictionary<string, object?>?)Copy(metadata),
                _time.GetUtcNow(), span?.TraceId ?? default, span?.SpanId ?? default);
            SelfMetrics.Events.Inc(name);
            Take(one);
            foreach (var follower in Volatile.Read(ref _followers)) follower.Take(one);
        }
        catch (Exception exception)
        {
            // A dictionary of the application's that throws while it is copied.
            TelemetryLosses.Count(Component, Component, CollectorDropReasons.Failed);
            TelemetryErrors.Report(Diagnostic.EventNotRecorded, Component, $"the event '{name}' could not be recorded, and is lost", "See the cause", exception);
        }
    }

    /// <summary>Reads a page of events.</summary>
    /// <param name="query">Which events, in which order, and how many; null for the 100 newest.</param>
    /// <exception cref="ArgumentException">The limit is out of its range.</exception>
    public IReadOnlyList<TelemetryEvent> GetEvents(EventQuery? query = null)
    {
        query ??= new EventQuery();
        if (query.Limit is < 1 or > EventQuery.LargestLimit)
        {
            throw new ArgumentException($"{nameof(EventQuery)}.{nameof(EventQuery.Limit)} is {query.Limit}; allowed: 1 to {EventQuery.LargestLimit}.", nameof(query));
        }

        var found = new List<TelemetryEvent>();
        lock (_gate)
        {
            ForgetOld();
            for (var i = 0; i < _count; i++)
            {
                var one = _ring[(_first + i) % _ring.Length]!;
                if (query.Fits(one)) found.Add(one);
            }
        }

        // Threads may have come here in another order than they got their numbers.
        found.Sort(query.Order == EventOrder.NewestFirst ? static (left, right) => right.Id.CompareTo(left.Id) : static (left, right) => left.Id.CompareTo(right.Id));
        return found.Count <= query.Limit ? found : found.GetRange(0, query.Limit);
    }

    /// <summary>Lets another store have every event of this one as well, until the result is disposed.</summary>
    internal IDisposable Follow(TelemetryEvents follower)
    {
        lock (_gate) _followers = [.. _followers, follower];
        return new Following(this, follower);
    }

    /// <summary>Writes events as log records from now on, where the settings want it.</summary>
    internal void LogTo(ILogger? logger) => _logger = _options.LogRecords ? logger : null;

    private void Take(TelemetryEvent one)
    {
        lock (_gate)
        {
            ForgetOld();
            if (_count == _options.MaxEvents) Forget("count");
            if (_count == _ring.Length) Grow();
            _ring[(_first + _count) % _ring.Length] = one;
            _count++;
        }

        if (_hooks.Event is { } hooks) HookPoints.Raise(hooks, one);
        if (_logger is { } logger) Log(logger, one);
    }

    private static void Log(ILogger logger, TelemetryEvent one)
    {
        try
        {
            if (!logger.IsEnabled(LogLevel.Information)) return;
            logger.Log(LogLevel.Information, new EventId(0, one.Name), new EventAttributes(one), null, static (attributes, _) => attributes.ToString());
        }
        catch (Exception exception)
        {
            TelemetryErrors.Report(Diagnostic.EventNotLogged, Component, $"the event '{one.Name}' could not be written as a log record", "See the cause: a log provider of the application threw", exception);
        }
    }

    private void ForgetOld()
    {
        var oldest = _time.GetUtcNow() - _options.Retention;
        while (_count > 0 && _ring[_first]!.Timestamp < oldest) Forget("age");
    }

    private void Forget(string reason)
    {
        _ring[_first] = null;
        _first = (_first + 1) % _ring.Length;
        _count--;
        _pushedOut++;

        // Where others follow, they count.
        if (_followers.Length == 0) SelfMetrics.EventsPushedOut.Inc(reason);
    }

    private void Grow()
    {
        var larger = new TelemetryEvent?[Math.Min(_options.MaxEvents, _ring.Length * 2)];
        for (var i = 0; i < _count; i++) larger[i] = _ring[(_first + i) % _ring.Length];
        _ring = larger;
        _first = 0;
    }

    /// <summary>Dictionaries can change after the record; what else is given is kept as it is.</summary>
    private static object? Copy(object? value) => value switch
    {
        null => null,
        IEnumerable<KeyValuePair<string, object?>> pairs => Copied(pairs),
        IEnumerable<KeyValuePair<string, string>> pairs => Copied(pairs.Select(pair => new KeyValuePair<string, object?>(pair.Key, pair.Value))),
        System.Collections.IDictionary { Keys: var keys } dictionary when keys.Cast<object>().All(key => key is string) =>
            Copied(keys.Cast<string>().Select(key => new KeyValuePair<string, object?>(key, dictionary[key]))),
        _ => value,
    };

    private static Dictionary<string, object?> Copied(IEnumerable<KeyValuePair<string, object?>> pairs)
    {
        var copy = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in pairs) copy[name] = value;
        return copy;
    }

    private sealed class Following(TelemetryEvents followed, TelemetryEvents follower) : IDisposable
    {
        public void Dispose()
        {
            lock (followed._gate) followed._followers = [.. followed._followers.Where(other => !ReferenceEquals(other, follower))];
        }
    }
}
