using Microsoft.Extensions.Logging;
using OtelTelemetry.Configuration;
using OtelTelemetry.Processors.Logs.Filter;

namespace OtelTelemetry.Logging.Sinks;

/// <summary>The settings of one log sink, and how it is made: what <see cref="TelemetryLogsOptions.Sinks"/> and <c>Telemetry:Logs:Sinks</c> put
/// together. Derive from it for a sink of your own. Immutable.</summary>
public abstract record LogSinkOptions
{
    /// <summary>The lowest level that is written. It can only leave out what the application's own levels let through. Default: <see cref="LogLevel.Trace"/>, all.</summary>
    public LogLevel Level { get; init; } = LogLevel.Trace;

    /// <summary>What is left out: a record that matches one of them. Default: none.</summary>
    public IReadOnlyList<LogFilterOptions> Filters { get; init; } = [];

    /// <summary>Makes the sink, once for an application.</summary>
    /// <param name="context">What it may need.</param>
    public abstract LogSink Create(LogSinkContext context);

    /// <summary>What is wrong with the settings of a type: the property, the problem, the remedy. Default: nothing.</summary>
    protected virtual IEnumerable<(string Property, string Problem, string Remedy)> CheckOwn() => [];

    /// <summary>What is wrong with the settings: the property, the problem, the remedy.</summary>
    internal IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (!Enum.IsDefined(Level)) yield return (nameof(Level), $"{Level} is not a level", "Allowed: Trace, Debug, Information, Warning, Error, Critical, None");
        for (var i = 0; i < Filters.Count; i++)
        {
            foreach (var (property, problem, remedy) in Filters[i].Check()) yield return ($"{nameof(Filters)}:{i}:{property}", problem, remedy);
        }

        foreach (var error in CheckOwn()) yield return error;
    }

    /// <summary>Reads what all sinks have.</summary>
    internal LogSinkOptions ReadCommon(SettingBinder binder, string path)
    {
        var options = this;
        binder.Bind($"{path}:{nameof(Level)}", Parse.Name<LogLevel>, value => options = options with { Level = value });
        var filters = new List<LogFilterOptions>();
        binder.Know($"{path}:{nameof(Filters)}");
        foreach (var key in binder.ChildrenOf($"{path}:{nameof(Filters)}")) filters.Add((LogFilterOptions)LogFilterOptions.Read(new SettingSection(binder, $"{path}:{nameof(Filters)}:{key}")));
        return filters.Count == 0 ? options : options with { Filters = filters };
    }
}
