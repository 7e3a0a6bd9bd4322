using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Everything rendered once for a metric family in one format. Thread-safe: what is added later replaces whole objects.</summary>
internal sealed class FamilyText
{
    /// <summary>Bounds of exponential histograms are powers of two; this one is the largest that is 0 as a double.</summary>
    public const int LowestPower = -1075;

    private readonly bool _openMetrics;
    private readonly string _close;
    private readonly byte[]?[]? _powers;
    private EdgeText? _edges;

    public FamilyText(MetricDescriptor descriptor, string sampleName, string scopeLabels, PrometheusStyle style)
    {
        Descriptor = descriptor;
        SampleName = sampleName;
        _openMetrics = style.OpenMetrics;
        _close = scopeLabels + "} ";
        Labels = new LabelStyle(style.Escaping, style.KeepUtf8, scopeLabels.Length > 0);
        LabelsBit = Labels.Bit;
        ScopeLabels = scopeLabels;
        switch (descriptor.Kind)
        {
            case MetricKind.Histogram or MetricKind.ExponentialHistogram:
                Reserved = "le";
                Value = new SampleText(sampleName + "_bucket", scopeLabels);
                if (descriptor.Kind == MetricKind.ExponentialHistogram) _powers = new byte[]?[1025 - LowestPower];
                break;
            case MetricKind.Summary:
                Reserved = "quantile";
                Value = new SampleText(sampleName, scopeLabels);
                break;
            default:
                Value = Sum = Count = new SampleText(sampleName, scopeLabels);
                return;
        }

        Sum = new SampleText(sampleName + "_sum", scopeLabels);
        Count = new SampleText(sampleName + "_count", scopeLabels);
    }

    public MetricDescriptor Descriptor { get; }

    /// <summary>The exported name, before suffixes such as <c>_bucket</c>.</summary>
    public string SampleName { get; }

    /// <summary>The beginnings of the lines of a large family of single numbers, once it was visited often enough to be worth it.</summary>
    public LineTable? Lines { get; set; }

    /// <summary>Whether the next scrape shall make <see cref="Lines"/> anew.</summary>
    public bool WantsLines { get; set; }

    /// <summary>How this family's series render their labels.</summary>
    public LabelStyle Labels { get; }

    /// <summary>The style's bit, kept because it is needed once a series.</summary>
    public ushort LabelsBit { get; }

    /// <summary>The label the format itself adds to the family's lines, or null.</summary>
    public string? Reserved { get; }

    /// <summary>The scope labels of every line, beginning with a comma; or empty.</summary>
    public string ScopeLabels { get; }

    /// <summary>The value's line, or the buckets', or the quantiles'.</summary>
    public SampleText Value { get; }

    public SampleText Sum { get; }

    public SampleText Count { get; }

    /// <summary>The pieces for a histogram's bounds.</summary>
    public EdgeText Bounds(ReadOnlySpan<double> bounds)
    {
        var edges = _edges;
        return edges is not null && edges.Fits(bounds) ? edges : _edges = new EdgeText("le", bounds, withInfinity: true, _close, _openMetrics);
    }

    /// <summary>The pieces for a summary's quantiles.</summary>
    public EdgeText Quantiles(ReadOnlySpan<double> quantiles)
    {
        var edges = _edges;
        return edges is not null && edges.Fits(quantiles) ? edges : _edges = new EdgeText("quantile", quantiles, withInfinity: false, _close, _openMetrics);
    }

    /// <summary>The piece for the bound 2^exponent; from 2^1024 on that is +Inf.</summary>
    public byte[] PowerOfTwo(int exponent)
    {
        var power = Math.Clamp(exponent, LowestPower, 1024);
        return _powers![power - LowestPower] ??=
            new TextBuilder().Add(',').AddLabel("le", NumberText.Label(Math.ScaleB(1, power), _openMetrics)).Add(_close).ToUtf8();
    }
}
