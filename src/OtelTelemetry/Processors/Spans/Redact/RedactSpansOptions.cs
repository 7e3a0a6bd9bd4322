using System.Text.RegularExpressions;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Processors.Spans.Redact;

/// <summary>Replaces what nobody may see in the attributes of spans and of their events. Immutable.</summary>
public sealed record RedactSpansOptions : SpanProcessorOptions
{
    /// <summary>Patterns for names of attributes whose whole value is replaced, without regard to case; <c>*</c> stands for any text: <c>*password*</c>. Default: none.</summary>
    public IReadOnlyList<string> Attributes { get; init; } = [];

    /// <summary>Regular expressions whose matches in texts are replaced, wherever they are: in attributes, in the span's name and its status'
    /// description. They take time in proportion to the text: look-around and back-references are not there. Default: none.</summary>
    public IReadOnlyList<string> Patterns { get; init; } = [];

    /// <summary>What stands there instead. Default: <c>[redacted]</c>.</summary>
    public string Replacement { get; init; } = "[redacted]";

    /// <inheritdoc/>
    public override SpanProcessor Create(SpanProcessorContext context) => new SpanRedactor(this);

    internal static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    internal static SpanProcessorOptions Read(SettingSection settings)
    {
        var options = new RedactSpansOptions();
        settings.BindList("Attributes", values => options = options with { Attributes = values });
        settings.BindList("Patterns", values => options = options with { Patterns = values });
        settings.Bind("Replacement", Parse.Text, value => options = options with { Replacement = value });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (Attributes.Count + Patterns.Count == 0) yield return (nameof(Attributes), "nothing is redacted", "Set Attributes or Patterns");
        if (Attributes.Any(string.IsNullOrWhiteSpace)) yield return (nameof(Attributes), "a name is empty", "Allowed: names, in which * stands for any text");
        if (Replacement is null) yield return (nameof(Replacement), "it is null", "Allowed: a text");
        foreach (var pattern in Patterns)
        {
            if (WhatIsWrongWith(pattern) is { } problem) yield return (nameof(Patterns), problem, "Allowed: regular expressions without look-around and back-references; one that has a comma in it is written as an entry of a list");
        }
    }

    internal static string? WhatIsWrongWith(string? pattern)
    {
        if (string.IsNullOrEmpty(pattern)) return "a pattern is empty";
        try
        {
            Compile(pattern);
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return $"'{pattern}' is not a regular expression that can be used ({exception.Message})";
        }
    }
}
