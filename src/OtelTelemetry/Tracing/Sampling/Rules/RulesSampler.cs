using System.Globalization;
using OpenTelemetry.Trace;
using OtelTelemetry.Patterns;

namespace OtelTelemetry.Tracing.Sampling.Rules;

/// <summary>Asks the sampler of the first rule that matches, and a last one where none does. Put it inside a <see cref="ParentBasedSampler"/>.
/// Thread-safe.</summary>
public sealed class RulesSampler : Sampler
{
    private readonly (SpanMatch Match, Sampler Sampler)[] _rules;
    private readonly Sampler _otherwise;

    /// <summary>Makes a sampler. The rules are copied.</summary>
    /// <param name="rules">The rules, in the order in which they are tried. Their ranges are those of <see cref="TraceSamplingRule"/>.</param>
    /// <param name="otherwise">Decides what no rule matches; null for every trace.</param>
    /// <param name="serviceName">The service this process is, for rules that name one.</param>
    /// <param name="timeProvider">The clock of limits; null for the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of a rule is outside its range.</exception>
    public RulesSampler(IEnumerable<TraceSamplingRule> rules, Sampler? otherwise = null, string? serviceName = null, TimeProvider? timeProvider = null)
        : this(rules, otherwise ?? new AlwaysOnSampler(), serviceName, rule => SamplerFactory.Chosen(rule.Rate, consistent: false, rule.TracesPerSecond, rule.Burst, timeProvider ?? TimeProvider.System))
    {
    }

    internal RulesSampler(IEnumerable<TraceSamplingRule> rules, Sampler otherwise, string? serviceName, Func<TraceSamplingRule, Sampler> create)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _otherwise = otherwise;
        TraceSamplingRule[] meant = [.. rules.Where(rule => rule.Service is null || new WildcardPattern(rule.Service, ignoreCase: true).IsMatch(serviceName))];
        _rules = [.. meant.Select(rule => (new SpanMatch(rule.Name, rule.Kind, rule.Path, rule.Attributes), create(rule)))];
        Description = $"RulesSampler{{{string.Concat(meant.Select((rule, i) => Describe(rule, _rules[i].Sampler)))}{otherwise.Description}}}";
    }

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        foreach (var (match, sampler) in _rules)
        {
            if (match.IsMatch(samplingParameters)) return sampler.ShouldSample(samplingParameters);
        }

        return _otherwise.ShouldSample(samplingParameters);
    }

    private static string Describe(TraceSamplingRule rule, Sampler sampler) => string.Create(
        CultureInfo.InvariantCulture,
        $"[{rule.Name},{rule.Kind},{rule.Path},{string.Join(';', rule.Attributes.Select(pair => $"{pair.Key}={pair.Value}"))}]{rule.Rate:R}{sampler.Description},");
}
