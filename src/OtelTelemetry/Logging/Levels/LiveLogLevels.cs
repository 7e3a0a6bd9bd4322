using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OtelTelemetry.Configuration;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Hosting;

namespace OtelTelemetry.Logging.Levels;

/// <summary>
/// The levels of log records that go to OpenTelemetry, changed while the application runs: by its configuration (<c>Telemetry:Logs:Level</c>, <c>Levels</c>,
/// <c>Requests</c>) when that is loaded again, for a while by <see cref="Set"/>, and for one flow of control by <see cref="Begin"/>. The application's other log providers are not
/// touched. Thread-safe.
/// </summary>
public sealed class LiveLogLevels : IOptionsChangeTokenSource<LoggerFilterOptions>, IDisposable
{
    private const string Component = "log_levels";

    private readonly TelemetryRegistration _registration;
    private readonly IConfiguration _configuration;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LogLevelOverride> _overrides = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool _isOn;
    private readonly IDisposable _reloads;
    private readonly ITimer _expiry;
    private TelemetryLogsOptions _options;
    private CancellationTokenSource _changed = new();
    private bool _wasRaised;
    private string? _told;

    internal LiveLogLevels(TelemetrySettings settings, TelemetryRegistration registration, IConfiguration configuration, TimeProvider time)
    {
        _registration = registration;
        _configuration = configuration;
        _time = time;
        _options = settings.Options.Logs;
        _isOn = settings.Options is { Enabled: true, Logs.Enabled: true };
        Requests = new RequestLogLevels(_options.Requests, time);
        _expiry = time.CreateTimer(static levels => ((LiveLogLevels)levels!).Changed(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _reloads = ChangeToken.OnChange(configuration.GetReloadToken, ReadAgain);
    }

    /// <summary>Levels that hold for a while, now.</summary>
    public IReadOnlyList<LogLevelOverride> Overrides
    {
        get
        {
            lock (_gate)
            {
                ForgetEnded();
                return [.. _overrides.Values.OrderBy(one => one.Category, StringComparer.Ordinal)];
            }
        }
    }

    /// <inheritdoc/>
    string IOptionsChangeTokenSource<LoggerFilterOptions>.Name => Options.DefaultName;

    /// <summary>Decides which requests are logged in more detail.</summary>
    internal RequestLogLevels Requests { get; }

    /// <summary>Gives a category, and those below it, another level for a while. It beats the configuration.</summary>
    /// <param name="category">The category; empty for all that have no level of their own.</param>
    /// <param name="level">The level.</param>
    /// <param name="duration">How long; more than zero, at most a day.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="duration"/> is out of its range, or <paramref name="level"/> is not defined.</exception>
    public void Set(string category, LogLevel level, TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(category);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, TimeSpan.FromDays(1));
        if (!Enum.IsDefined(level)) throw new ArgumentOutOfRangeException(nameof(level), level, "Not a level. Allowed: Trace, Debug, Information, Warning, Error, Critical, None.");
        lock (_gate) _overrides[category] = new LogLevelOverride(category, level, _time.GetUtcNow() + duration);
        Changed();
    }

    /// <summary>Ends what <see cref="Set"/> began for a category before its time.</summary>
    /// <param name="category">The category, as it was given.</param>
    /// <returns>Whether there was something to end.</returns>
    public bool Reset(string category)
    {
        ArgumentNullException.ThrowIfNull(category);
        bool was;
        lock (_gate) was = _overrides.Remove(category);
        if (was) Changed();
        return was;
    }

    /// <summary>Logs what happens from here on, in this flow of control and what it starts, in more detail: one message of a queue, one job.</summary>
    /// <param name="level">The lowest level that is logged; categories that are switched off stay off.</param>
    /// <returns>Ends it when it is disposed.</returns>
    public IDisposable Begin(LogLevel level = LogLevel.Debug)
    {
        if (!Volatile.Read(ref _wasRaised))
        {
            // From now on each level asks.
            Volatile.Write(ref _wasRaised, true);
            Changed();
        }

        return RaisedLevel.Begin(level);
    }

    /// <inheritdoc/>
    IChangeToken IOptionsChangeTokenSource<LoggerFilterOptions>.GetChangeToken()
    {
        lock (_gate) return new CancellationChangeToken(_changed.Token);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reloads.Dispose();
        _expiry.Dispose();
        _changed.Dispose();
    }

    /// <summary>What is to be laid over the application's levels; null where nothing is.</summary>
    internal WantedLevels? Wanted()
    {
        if (!_isOn) return null;
        lock (_gate)
        {
            ForgetEnded();
            var canBeRaised = _wasRaised || Requests.IsOn;
            if (_options.Level is null && _options.Levels.Count == 0 && _overrides.Count == 0 && !canBeRaised) return null;
            var categories = new Dictionary<string, LogLevel>(_options.Levels, StringComparer.OrdinalIgnoreCase);
            var byDefault = _options.Level;
            foreach (var one in _overrides.Values)
            {
                if (one.Category.Length == 0) byDefault = one.Level;
                else categories[one.Category] = one.Level;
            }

            return new WantedLevels(byDefault, categories, canBeRaised);
        }
    }

    private void ForgetEnded()
    {
        var now = _time.GetUtcNow();
        foreach (var ended in _overrides.Values.Where(one => one.Until <= now).ToArray()) _overrides.Remove(ended.Category);
        if (_overrides.Count > 0) _expiry.Change(_overrides.Values.Min(one => one.Until) - now, Timeout.InfiniteTimeSpan);
    }

    private void Changed()
    {
        CancellationTokenSource before;
        lock (_gate)
        {
            before = _changed;
            _changed = new CancellationTokenSource();
        }

        try
        {
            before.Cancel();
        }
        catch (Exception exception)
        {
            TelemetryErrors.Report(Diagnostic.LogLevelListenerFailed, Component, "levels of log records were changed, and a listener of the application failed", "See the cause", exception);
        }
    }

    private void ReadAgain()
    {
        try
        {
            var (options, report) = _registration.ReadAgain(_configuration);
            var wrong = report.Errors.Where(error => IsOurs(error.Setting)).ToList();
            if (wrong.Count > 0)
            {
                Tell(string.Join("; ", wrong), null);
                return;
            }

            _told = null;
            lock (_gate) _options = options.Logs;
            Requests.Change(options.Logs.Requests);
            Changed();
        }
        catch (Exception exception)
        {
            // The configuration's own thread calls; a callback of the application may be what throws.
            Tell(exception.Message, exception);
        }
    }

    private static bool IsOurs(string setting) => setting.Replace('.', ':') is var name
        && (name.Contains("Logs:Level", StringComparison.OrdinalIgnoreCase) || name.Contains("Logs:Requests", StringComparison.OrdinalIgnoreCase));

    private void Tell(string problem, Exception? exception)
    {
        if (problem == _told) return;
        _told = problem;
        TelemetryErrors.Report(Diagnostic.LogLevelsNotReloaded, Component, $"the configuration was loaded again and is wrong, so that levels of log records stay as they were: {problem}", "Correct the setting; it is read again by itself", exception);
    }
}
