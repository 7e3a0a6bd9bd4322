namespace OtelTelemetry.Exporters.Console;

/// <summary>The settings of a <see cref="ConsoleExporter"/>.</summary>
public sealed class ConsoleExporterOptions : MetricsExporterOptions
{
    /// <summary>The most lines of a table, from 1; what is left out is counted below it. Default: 200.</summary>
    public int MaxRows { get; set; } = 200;

    /// <summary>How many characters a line may have, from 40; longer cells are cut with an ellipsis. Default: null, which is the terminal's width,
    /// and no limit where the output is no terminal.</summary>
    public int? Width { get; set; }

    /// <summary>Where to write; only in code. It is not closed. Default: null, which is standard output.</summary>
    public TextWriter? Output { get; set; }

    /// <inheritdoc/>
    public override MetricsExporter Create(ExporterContext context) => new ConsoleExporter(this, context);

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        foreach (var error in base.Check()) yield return error;
        if (MaxRows < 1) yield return (nameof(MaxRows), $"{MaxRows} lines are no table", "Allowed: from 1, such as 200");
        if (Width is < 40) yield return (nameof(Width), $"{Width} characters hold no table", "Allowed: from 40, or no setting for the terminal's width");
    }
}
