using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Reading.Sdk;

namespace OtelTelemetry.Exporters.RemoteWrite;

/// <summary>
/// The labels every series of this process carries: <c>job</c> and <c>instance</c> from the resource, as a scrape would add them
/// (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility", section "Resource Attributes"), and external ones. Immutable.
/// </summary>
internal sealed class TargetLabels
{
    private static readonly string[] s_identifying = ["service.name", "service.namespace", "service.instance.id"];

    private readonly List<(string Name, string Value)> _target = [];
    private readonly List<(string Name, string Value)> _external = [];

    public TargetLabels(RemoteWriteExporterOptions options, IReadOnlyDictionary<string, object> resource)
    {
        var service = Attribute(resource, "service.name");
        var @namespace = Attribute(resource, "service.namespace");
        Add(_target, "job", options.Job ?? (@namespace.Length > 0 && service.Length > 0 ? $"{@namespace}/{service}" : service));
        Add(_target, "instance", options.Instance ?? Attribute(resource, "service.instance.id"));
        foreach (var (name, value) in options.ExternalLabels) Add(_external, name, value);
        Information = new ResourceSeries(resource.Where(attribute => !s_identifying.Contains(attribute.Key)));
    }

    /// <summary>What else the resource says, for <c>target_info</c>.</summary>
    public ResourceSeries Information { get; }

    /// <summary>Adds them to a series' own labels. A series' own <c>job</c> becomes <c>exported_job</c>; its own label wins over an external one.</summary>
    public void AddTo(List<(string Name, string Value)> labels)
    {
        foreach (var (name, value) in _target)
        {
            var own = labels.FindIndex(label => label.Name == name);
            if (own >= 0) labels[own] = ("exported_" + name, labels[own].Value);
            labels.Add((name, value));
        }

        foreach (var external in _external)
        {
            if (!labels.Exists(label => label.Name == external.Name)) labels.Add(external);
        }
    }

    private static string Attribute(IReadOnlyDictionary<string, object> resource, string name) =>
        resource.TryGetValue(name, out var value) ? TagText.Of(value) : "";

    // To Prometheus an empty label is none.
    private static void Add(List<(string Name, string Value)> labels, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) labels.Add((name, ExportableText.Of(value)));
    }
}
