using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Logs;

namespace OtelTelemetry.Logging.Levels;

/// <summary>Lays our levels over those of the application (<c>Logging:LogLevel</c>), for OpenTelemetry's provider alone.</summary>
internal sealed class LogLevelRules(LiveLogLevels levels) : IPostConfigureOptions<LoggerFilterOptions>
{
    private const string Alias = "OpenTelemetry";

    private static readonly string s_provider = typeof(OpenTelemetryLoggerProvider).FullName!;

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        if (levels.Wanted() is not { } wanted) return;
        var rules = RulesOf(options);
        if (wanted.Default is { } level) rules[""] = (level, null);
        foreach (var (category, own) in wanted.Categories) rules[category] = (own, null);
        foreach (var (category, rule) in rules) options.Rules.Add(Rule(category.Length == 0 ? null : category, rule.Level, rule.Filter, wanted.CanBeRaised));
    }

    /// <summary>By category, what holds for the provider now: rules for it alone beat those for all, whatever their category (<see cref="LoggerFilterOptions"/>).</summary>
    private static Dictionary<string, (LogLevel Level, Func<string?, string?, LogLevel, bool>? Filter)> RulesOf(LoggerFilterOptions options)
    {
        var rules = new Dictionary<string, (LogLevel, Func<string?, string?, LogLevel, bool>?)>(StringComparer.OrdinalIgnoreCase) { [""] = (options.MinLevel, null) };
        var own = options.Rules.Where(rule => rule.ProviderName is { } provider && (provider == s_provider || provider == Alias)).ToArray();
        var general = options.Rules.Where(rule => rule.ProviderName is null && !own.Any(one => Covers(one.CategoryName, rule.CategoryName)));
        foreach (var rule in general.Concat(own)) rules[rule.CategoryName ?? ""] = (rule.LogLevel ?? LogLevel.Trace, rule.Filter);
        return rules;
    }

    private static bool Covers(string? category, string? other) =>
        string.IsNullOrEmpty(category) || (other is not null && other.StartsWith(category, StringComparison.OrdinalIgnoreCase));

    private static LoggerFilterRule Rule(string? category, LogLevel level, Func<string?, string?, LogLevel, bool>? filter, bool canBeRaised)
    {
        // What is switched off stays off.
        if (!canBeRaised || level == LogLevel.None) return new LoggerFilterRule(s_provider, category, level, filter);
        return new LoggerFilterRule(s_provider, category, null, filter is null
            ? (_, _, asked) => asked >= level || RaisedLevel.Allows(asked)
            : (provider, name, asked) => (asked >= level && filter(provider, name, asked)) || RaisedLevel.Allows(asked));
    }
}
