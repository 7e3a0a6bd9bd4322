using System.Diagnostics;
using OtelTelemetry.Tracing.Sampling;
using OtelTelemetry.Tracing.Sampling.ParentBased;
using OtelTelemetry.Tracing.Sampling.Rules;
using OtelTelemetry.Tracing.Sampling.Tail;

namespace OtelTelemetry.Configuration;

/// <summary>Reads <c>Telemetry:Traces</c>.</summary>
internal static class TracesBinding
{
    public const string RulesPath = "Traces:Sampling:Rules";

    /// <summary>The variable of OpenTelemetry that chooses a sampler.</summary>
    public const string SamplerVariable = "OTEL_TRACES_SAMPLER";

    public static void Bind(SettingBinder binder, TelemetryTracesOptions traces)
    {
        binder.Bind("Traces:Enabled", Parse.Boolean, value => traces.Enabled = value);
        binder.BindList("Traces:Sources", values => Replace(traces.Sources, values));
        binder.BindList("Traces:ExcludedPaths", values => Replace(traces.ExcludedPaths, values));
        binder.Bind("Traces:ForwardRequestId", Parse.Boolean, value => traces.ForwardRequestId = value);
        binder.Bind("Traces:Store:Capacity", Parse.OptionalInteger, value => traces.Store.Capacity = value);

        // The SDK reads the variable itself; it beats the section, so what the section says of sampling is only checked.
        var isDecided = binder.Text(SamplerVariable) is not null;
        var ignored = new TelemetryTracesOptions();
        binder.Bind("Traces:SamplingRate", Parse.OptionalNumber, value => (isDecided ? ignored : traces).SamplingRate = value);
        BindSampling(binder, (isDecided ? ignored : traces).Sampling);
        BindTailSampling(binder, traces.TailSampling);
        SpanProcessorBinding.Bind(binder, traces.Processors);
    }

    private static void BindTailSampling(SettingBinder binder, TailSamplingOptions tail)
    {
        binder.Bind("Traces:TailSampling:Enabled", Parse.Boolean, value => tail.Enabled = value);
        binder.Bind("Traces:TailSampling:KeepErrors", Parse.Boolean, value => tail.KeepErrors = value);
        binder.Bind("Traces:TailSampling:SlowerThan", Parse.OptionalDuration, value => tail.SlowerThan = value);
        binder.Bind("Traces:TailSampling:SlowPercentile", Parse.OptionalNumber, value => tail.SlowPercentile = value);
        binder.Bind("Traces:TailSampling:Rate", Parse.Number, value => tail.Rate = value);
        binder.Bind("Traces:TailSampling:TracesPerSecond", Parse.OptionalNumber, value => tail.TracesPerSecond = value);
        binder.Bind("Traces:TailSampling:Burst", Parse.OptionalInteger, value => tail.Burst = value);
        binder.Bind("Traces:TailSampling:MaxTraces", Parse.Integer, value => tail.MaxTraces = value);
        binder.Bind("Traces:TailSampling:MaxSpansPerTrace", Parse.Integer, value => tail.MaxSpansPerTrace = value);
        binder.Bind("Traces:TailSampling:MaxSpans", Parse.Integer, value => tail.MaxSpans = value);
        binder.Bind("Traces:TailSampling:MaxAge", Parse.Duration, value => tail.MaxAge = value);
        binder.Bind("Traces:TailSampling:MaxDecisions", Parse.Integer, value => tail.MaxDecisions = value);
        binder.Bind("Traces:TailSampling:MaxRoutes", Parse.Integer, value => tail.MaxRoutes = value);
    }

    private static void BindSampling(SettingBinder binder, TraceSamplingOptions sampling)
    {
        binder.Bind("Traces:Sampling:Rate", Parse.OptionalNumber, value => sampling.Rate = value);
        binder.Bind("Traces:Sampling:Consistent", Parse.Boolean, value => sampling.Consistent = value);
        binder.Bind("Traces:Sampling:TracesPerSecond", Parse.OptionalNumber, value => sampling.TracesPerSecond = value);
        binder.Bind("Traces:Sampling:Burst", Parse.OptionalInteger, value => sampling.Burst = value);
        binder.Bind("Traces:Sampling:Parent:RemoteSampled", Parse.Name<ParentDecision>, value => sampling.Parent.RemoteSampled = value);
        binder.Bind("Traces:Sampling:Parent:RemoteNotSampled", Parse.Name<ParentDecision>, value => sampling.Parent.RemoteNotSampled = value);
        binder.Bind("Traces:Sampling:Parent:LocalSampled", Parse.Name<ParentDecision>, value => sampling.Parent.LocalSampled = value);
        binder.Bind("Traces:Sampling:Parent:LocalNotSampled", Parse.Name<ParentDecision>, value => sampling.Parent.LocalNotSampled = value);
        binder.Know(RulesPath);
        if (binder.Text($"{SettingBinder.Section}:{RulesPath}") is not null)
        {
            binder.Report.Error($"{SettingBinder.Section}:{RulesPath}", "it is a text", $"Allowed: a list of rules, such as {SettingBinder.Section}:{RulesPath}:0:Path with {SettingBinder.Section}:{RulesPath}:0:Rate");
        }

        foreach (var key in binder.ChildrenOf(RulesPath)) sampling.Rules.Add(ReadRule(binder, $"{RulesPath}:{key}"));
    }

    private static TraceSamplingRule ReadRule(SettingBinder binder, string path)
    {
        var rule = new TraceSamplingRule { Key = path };
        binder.Bind($"{path}:Service", Parse.Text, value => rule.Service = value);
        binder.Bind($"{path}:Name", Parse.Text, value => rule.Name = value);
        binder.Bind($"{path}:Kind", Parse.Name<ActivityKind>, value => rule.Kind = value);
        binder.Bind($"{path}:Path", Parse.Text, value => rule.Path = value);
        binder.BindMap($"{path}:Attributes", values => Replace(rule.Attributes, values));
        binder.Bind($"{path}:Rate", Parse.Number, value => rule.Rate = value);
        binder.Bind($"{path}:TracesPerSecond", Parse.OptionalNumber, value => rule.TracesPerSecond = value);
        binder.Bind($"{path}:Burst", Parse.OptionalInteger, value => rule.Burst = value);
        return rule;
    }

    private static void Replace<T>(IList<T> target, IReadOnlyList<T> values)
    {
        target.Clear();
        foreach (var value in values) target.Add(value);
    }

    private static void Replace(IDictionary<string, string> target, IReadOnlyDictionary<string, string> values)
    {
        target.Clear();
        foreach (var (name, value) in values) target[name] = value;
    }
}
