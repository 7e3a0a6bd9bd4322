using System.Globalization;
using OtelTelemetry.Tracing.Sampling;
using OtelTelemetry.Tracing.Sampling.ParentBased;
using OtelTelemetry.Tracing.Sampling.RateLimited;
using OtelTelemetry.Tracing.Sampling.Rules;
using OtelTelemetry.Tracing.Sampling.Tail;

namespace OtelTelemetry.Configuration;

/// <summary>Checks the settings of traces, whoever set them. Every error is found, not only the first.</summary>
internal static class TracesValidation
{
    public static void Check(SettingReport report, TelemetryTracesOptions traces)
    {
        CheckRate(report, report.NameOf("Traces:SamplingRate", traces.SamplingRate), traces.SamplingRate);
        CheckSampling(report, traces.Sampling);
        CheckTailSampling(report, traces.TailSampling);
        for (var i = 0; i < traces.Processors.Count; i++)
        {
            if (traces.Processors[i] is not { } processor)
            {
                report.Error($"TelemetryOptions.Traces.Processors[{i}]", "it is null", "Allowed: the settings of a span processor");
                continue;
            }

            foreach (var (property, problem, remedy) in processor.Check()) report.Error(report.NameOfPart($"{SpanProcessorBinding.Path}:{i}:{property}"), problem, remedy);
        }
    }

    private static void CheckTailSampling(SettingReport report, TailSamplingOptions tail)
    {
        const string Path = "Traces:TailSampling:";
        CheckRate(report, report.NameOf(Path + "Rate", tail.Rate), tail.Rate);
        CheckLimit(report, report.NameOf(Path + "TracesPerSecond", tail.TracesPerSecond), tail.TracesPerSecond);
        CheckBurst(report, report.NameOf(Path + "Burst", tail.Burst), tail.Burst);
        if (tail.SlowerThan <= TimeSpan.Zero) report.Error(report.NameOf(Path + "SlowerThan", tail.SlowerThan), $"{tail.SlowerThan} is not more than zero", "Allowed: more than 0, such as 500ms");
        if (tail.SlowPercentile is { } percentile && !(percentile is >= 0.5 and < 1))
        {
            report.Error(report.NameOf(Path + "SlowPercentile", tail.SlowPercentile), string.Create(CultureInfo.InvariantCulture, $"{percentile} is no percentile of what is slow"), "Allowed: 0.5 to below 1, such as 0.99");
        }

        if (tail.MaxAge < TimeSpan.FromMilliseconds(100) || tail.MaxAge > TimeSpan.FromHours(1))
        {
            report.Error(report.NameOf(Path + "MaxAge", tail.MaxAge), $"{tail.MaxAge} is out of range", "Allowed: 100ms to 1h");
        }

        foreach (var (name, value) in new[]
        {
            ("MaxTraces", tail.MaxTraces), ("MaxSpansPerTrace", tail.MaxSpansPerTrace), ("MaxSpans", tail.MaxSpans), ("MaxDecisions", tail.MaxDecisions), ("MaxRoutes", tail.MaxRoutes),
        })
        {
            if (value < 1) report.Error(report.NameOf(Path + name, value), string.Create(CultureInfo.InvariantCulture, $"{value} is less than 1"), "Allowed: 1 and more");
        }
    }

    private static void CheckSampling(SettingReport report, TraceSamplingOptions sampling)
    {
        CheckRate(report, report.NameOf("Traces:Sampling:Rate", sampling.Rate), sampling.Rate);
        CheckLimit(report, report.NameOf("Traces:Sampling:TracesPerSecond", sampling.TracesPerSecond), sampling.TracesPerSecond);
        CheckBurst(report, report.NameOf("Traces:Sampling:Burst", sampling.Burst), sampling.Burst);
        CheckParent(report, "RemoteSampled", sampling.Parent.RemoteSampled);
        CheckParent(report, "RemoteNotSampled", sampling.Parent.RemoteNotSampled);
        CheckParent(report, "LocalSampled", sampling.Parent.LocalSampled);
        CheckParent(report, "LocalNotSampled", sampling.Parent.LocalNotSampled);
        for (var i = 0; i < sampling.Rules.Count; i++)
        {
            if (sampling.Rules[i] is { } rule) CheckRule(report, rule, i);
            else report.Error($"TelemetryOptions.Traces.Sampling.Rules[{i}]", "it is null", "Allowed: a rule");
        }
    }

    private static void CheckRule(SettingReport report, TraceSamplingRule rule, int index)
    {
        CheckRate(report, NameOf("Rate"), rule.Rate);
        CheckLimit(report, NameOf("TracesPerSecond"), rule.TracesPerSecond);
        CheckBurst(report, NameOf("Burst"), rule.Burst);
        foreach (var (property, pattern) in new[] { ("Service", rule.Service), ("Name", rule.Name), ("Path", rule.Path) })
        {
            if (pattern is not null && string.IsNullOrWhiteSpace(pattern)) report.Error(NameOf(property), "it is empty", "Allowed: a text, in which * stands for any text and ? for one letter");
        }

        if (rule.Attributes.Any(pair => string.IsNullOrWhiteSpace(pair.Key) || pair.Value is null))
        {
            report.Error(NameOf("Attributes"), "an attribute has no name or no value", "Allowed: names with a pattern, such as http.request.method=GET");
        }

        string NameOf(string property) => rule.Key is { } key ? $"{SettingBinder.Section}:{key}:{property}" : $"TelemetryOptions.Traces.Sampling.Rules[{index}].{property}";
    }

    private static void CheckParent(SettingReport report, string property, ParentDecision decision)
    {
        if (Enum.IsDefined(decision)) return;
        report.Error(report.NameOf($"Traces:Sampling:Parent:{property}", decision), $"{decision} is not defined", "Allowed: " + string.Join(", ", Enum.GetNames<ParentDecision>()));
    }

    internal static void CheckRate(SettingReport report, string setting, double? rate)
    {
        if (rate is null or (>= 0 and <= 1)) return;
        report.Error(setting, string.Create(CultureInfo.InvariantCulture, $"{rate} is not a part of a whole"), "Allowed: 0 (no trace) to 1 (every trace)");
    }

    internal static void CheckLimit(SettingReport report, string setting, double? perSecond)
    {
        if (perSecond is null or (> 0 and <= RateLimit.MostPerSecond)) return;
        report.Error(setting, string.Create(CultureInfo.InvariantCulture, $"{perSecond} is no limit"), "Allowed: more than 0, at most 1000000, or no setting for no limit");
    }

    internal static void CheckBurst(SettingReport report, string setting, int? burst)
    {
        if (burst is null or (>= 1 and <= RateLimit.MostBurst)) return;
        report.Error(setting, string.Create(CultureInfo.InvariantCulture, $"{burst} is no burst"), "Allowed: 1 to 1000000, or no setting for what one second allows");
    }
}
