using System.Diagnostics;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Processors.Spans.Filter;

/// <summary>Drops spans that match everything that is set. In patterns <c>*</c> stands for any text and <c>?</c> for one letter. What is below a span that is dropped
/// stays, and loses its parent. Immutable.</summary>
public sealed record SpanFilterOptions : SpanProcessorOptions
{
    /// <summary>A pattern for the span's final name. Default: null, any.</summary>
    public string? Name { get; init; }

    /// <summary>A pattern for the activity source. Default: null, any.</summary>
    public string? Source { get; init; }

    /// <summary>The span's kind. Default: null, any.</summary>
    public ActivityKind? Kind { get; init; }

    /// <summary>A pattern for the path of a request (<c>url.path</c>), without regard to case. Default: null, any.</summary>
    public string? Path { get; init; }

    /// <summary>Patterns for attributes. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Only spans that took less time. More than zero. Default: null, any.</summary>
    public TimeSpan? ShorterThan { get; init; }

    /// <summary>Whether failed spans are dropped too. Default: false, a span whose status is Error stays.</summary>
    public bool DropErrors { get; init; }

    /// <inheritdoc/>
    public override SpanProcessor Create(SpanProcessorContext context) => new SpanFilter(this);

    internal static SpanProcessorOptions Read(SettingSection settings)
    {
        var options = new SpanFilterOptions();
        settings.Bind("Name", Parse.Text, value => options = options with { Name = value });
        settings.Bind("Source", Parse.Text, value => options = options with { Source = value });
        settings.Bind("Kind", Parse.Name<ActivityKind>, value => options = options with { Kind = value });
        settings.Bind("Path", Parse.Text, value => options = options with { Path = value });
        settings.BindMap("Attributes", Parse.Text, values => options = options with { Attributes = values });
        settings.Bind("ShorterThan", Parse.OptionalDuration, value => options = options with { ShorterThan = value });
        settings.Bind("DropErrors", Parse.Boolean, value => options = options with { DropErrors = value });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (Name is null && Source is null && Kind is null && Path is null && Attributes.Count == 0 && ShorterThan is null)
        {
            yield return (nameof(Name), "the filter would drop every span", "Set at least one of Name, Source, Kind, Path, Attributes and ShorterThan; to switch traces off, set Telemetry:Traces:Enabled to false");
        }

        if (ShorterThan <= TimeSpan.Zero) yield return (nameof(ShorterThan), $"{ShorterThan} is not more than zero", "Allowed: more than 0, such as 5ms");
    }
}
