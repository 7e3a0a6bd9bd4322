namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>The rendered parts of the lines of one sample name: the series' labels go between <see cref="Open"/> and <see cref="Close"/>. Immutable.</summary>
internal sealed class SampleText
{
    /// <summary>Renders the parts.</summary>
    /// <param name="name">The sample's name, already escaped.</param>
    /// <param name="scopeLabels">Labels every line ends with, beginning with a comma; or empty.</param>
    public SampleText(string name, string scopeLabels)
    {
        // A name that needs quotes moves into the braces.
        var plain = PrometheusNames.IsLegacyMetric(name);
        var open = new TextBuilder();
        if (plain) open.Add(name).Add('{');
        else open.Add("{\"").AddEscaped(name).Add("\",");
        Open = open.ToUtf8();
        Close = new TextBuilder().Add(scopeLabels).Add("} ").ToUtf8();

        var bare = new TextBuilder();
        if (plain && scopeLabels.Length == 0) bare.Add(name).Add(' ');
        else if (plain) bare.Add(name).Add('{').Add(scopeLabels[1..]).Add("} ");
        else bare.Add("{\"").AddEscaped(name).Add('"').Add(scopeLabels).Add("} ");
        Bare = bare.ToUtf8();
        MaxLength = Math.Max(Open.Length + Close.Length, Bare.Length);
    }

    /// <summary>What comes before a label: <c>name{</c>.</summary>
    public byte[] Open { get; }

    /// <summary>What comes after the labels: scope labels, the brace and a space.</summary>
    public byte[] Close { get; }

    /// <summary>The whole beginning of a line of a series without labels.</summary>
    public byte[] Bare { get; }

    /// <summary>The most bytes a line's beginning takes besides the series' labels.</summary>
    public int MaxLength { get; }
}
