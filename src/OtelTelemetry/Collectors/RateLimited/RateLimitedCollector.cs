using System.Collections.Concurrent;
using System.Collections.Frozen;
using OtelTelemetry.Collectors.Recording;

namespace OtelTelemetry.Collectors.RateLimited;

/// <summary>
/// Passes on no more measurements in a window of time than it may, exactly, by however many threads; the rest counts as
/// <see cref="CollectorDropReasons.RateLimited"/>. What is left out is missing in sums: sample where they must stay right.
/// Thread-safe without a lock; allocates nothing.
/// </summary>
/// <remarks>Windows begin when the collector is made and follow each other. Around the border of two windows twice the limit may
/// pass within the length of one. The system's clock is read with a resolution of a few milliseconds, which costs less.</remarks>
public sealed class RateLimitedCollector : DecoratingCollector
{
    /// <summary>The most metrics that have a limit of their own by <see cref="RateLimitedCollectorOptions.PerName"/>; further ones share one.</summary>
    internal const int MostNames = 10_000;

    private readonly RateLimitedCollectorOptions _options;
    private readonly WindowClock _clock;
    private readonly WindowLimit _common;
    private readonly FrozenDictionary<string, WindowLimit>? _own;
    private readonly ConcurrentDictionary<string, WindowLimit>? _perName;
    private int _names;

    /// <summary>Makes a collector with one limit for all metrics together.</summary>
    /// <param name="next">Where measurements go from here.</param>
    /// <param name="permitsPerSecond">How many measurements pass a second; from 0.</param>
    /// <exception cref="ArgumentException"><paramref name="permitsPerSecond"/> is below 0.</exception>
    public RateLimitedCollector(IMetricCollector next, int permitsPerSecond = 100)
        : this(next, new RateLimitedCollectorOptions { PermitLimit = permitsPerSecond })
    {
    }

    /// <summary>Makes a collector.</summary>
    /// <param name="next">Where measurements go from here.</param>
    /// <param name="options">The settings.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists every one.</exception>
    public RateLimitedCollector(IMetricCollector next, RateLimitedCollectorOptions options, TimeProvider? timeProvider = null)
        : base(next, "rate_limited_collector")
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfWrong();
        _options = options;
        _clock = new WindowClock(options.Window, timeProvider ?? TimeProvider.System);
        _common = MakeLimit(options.PermitLimit);
        if (options.PerName) _perName = new(StringComparer.Ordinal);
        if (options.PermitLimits.Count == 0) return;
        _own = options.PermitLimits.ToFrozenDictionary(limit => limit.Key, limit => MakeLimit(limit.Value), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    protected override void Process(in Metric metric)
    {
        if (LimitOf(metric.Name ?? "").TryTake(_clock.Current)) Pass(metric);
        else Drop(CollectorDropReasons.RateLimited);
    }

    private WindowLimit LimitOf(string name)
    {
        if (_own is not null && _own.TryGetValue(name, out var own)) return own;
        if (_perName is null) return _common;
        if (_perName.TryGetValue(name, out var there)) return there;
        if (Volatile.Read(ref _names) >= MostNames) return _common;
        Interlocked.Increment(ref _names);
        return _perName.GetOrAdd(name, static (_, self) => self.MakeLimit(self._options.PermitLimit), this);
    }

    private WindowLimit MakeLimit(int permits) => new(permits, _options.Burst, _clock.Current);
}
