using OtelTelemetry.Configuration;

namespace OtelTelemetry.Processors.Spans.Rename;

/// <summary>Gives spans and attributes other names. Immutable.</summary>
public sealed record RenameSpansOptions : SpanProcessorOptions
{
    /// <summary>New names of spans by a pattern for the old one, in which <c>*</c> stands for any text and <c>?</c> for one letter. Of several that match the one
    /// that says most (has most letters) counts. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <summary>New names of attributes by the old one. One that has the new name already is replaced. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override SpanProcessor Create(SpanProcessorContext context) => new SpanRenamer(this);

    internal static SpanProcessorOptions Read(SettingSection settings)
    {
        var options = new RenameSpansOptions();
        settings.BindMap("Names", Parse.Text, values => options = options with { Names = values });
        settings.BindMap("Attributes", Parse.Text, values => options = options with { Attributes = values });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (Names.Count + Attributes.Count == 0) yield return (nameof(Names), "nothing is renamed", "Set Names or Attributes");
        if (Names.Any(pair => string.IsNullOrEmpty(pair.Key) || string.IsNullOrEmpty(pair.Value))) yield return (nameof(Names), "a name is empty", "Allowed: names that are not empty");
        if (Attributes.Any(pair => string.IsNullOrEmpty(pair.Key) || string.IsNullOrEmpty(pair.Value))) yield return (nameof(Attributes), "a name is empty", "Allowed: names that are not empty");
    }
}
