namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Renders the metric <c>target_info</c>, whose labels are the resource's attributes
/// (compatibility specification, section "Resource Attributes"). Rendered once a style. Thread-safe.</summary>
internal sealed class TargetInfoText
{
    private readonly ResourceSeries _series;
    private readonly byte[]?[] _rendered = new byte[]?[PrometheusStyle.Count];

    public TargetInfoText(IEnumerable<KeyValuePair<string, object>>? attributes) =>
        _series = new ResourceSeries(attributes ?? []);

    /// <summary>Whether there is anything to show.</summary>
    public bool Exists => _series.LabelCount > 0;

    public byte[] In(PrometheusStyle style) => _rendered[style.Index] ??= Render(style);

    private byte[] Render(PrometheusStyle style)
    {
        var labels = new LabelStyle(style.Escaping, style.KeepUtf8, HasScope: false).Render(_series, reserved: null, out _);
        var header = style.OpenMetrics
            ? "# TYPE target info\n# HELP target Target metadata\ntarget_info{"u8
            : "# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info{"u8;
        return [.. header, .. labels, .. "} 1\n"u8];
    }
}
