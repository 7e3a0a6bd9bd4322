using OtelTelemetry.Configuration;
using OtelTelemetry.Processors.Spans.Redact;

namespace OtelTelemetry.Processors.Logs.Redact;

/// <summary>Replaces what nobody may see in log records: in the message, its parameters, the scopes and the exception. Immutable.</summary>
public sealed record RedactLogsOptions : LogProcessorOptions
{
    /// <summary>The built-in pattern for tokens, keys and passwords.</summary>
    public const string Tokens = "Tokens";

    /// <summary>The built-in pattern for numbers of payment cards, with a valid check digit (Luhn).</summary>
    public const string Cards = "Cards";

    /// <summary>The built-in pattern for e-mail addresses.</summary>
    public const string Emails = "Emails";

    /// <summary>Patterns for names of parameters and of values in scopes whose whole value is replaced, without regard to case; <c>*</c> stands for any text: <c>*iban*</c>. Default: none.</summary>
    public IReadOnlyList<string> Attributes { get; init; } = [];

    /// <summary>Regular expressions whose matches in texts are replaced, wherever they are. They take time in proportion to the text: look-around and
    /// back-references are not there. Default: none.</summary>
    public IReadOnlyList<string> Patterns { get; init; } = [];

    /// <summary>Patterns this library brings with it: <see cref="Tokens"/>, <see cref="Cards"/>, <see cref="Emails"/>, without regard to case; <c>None</c> alone for none of them. Default: all three.</summary>
    public IReadOnlyList<string> BuiltIn { get; init; } = [Tokens, Cards, Emails];

    /// <summary>What stands there instead. Default: <c>[redacted]</c>.</summary>
    public string Replacement { get; init; } = "[redacted]";

    /// <inheritdoc/>
    public override LogProcessor Create(LogProcessorContext context) => new LogRedactor(this);

    internal bool Has(string builtIn) => BuiltIn.Contains(builtIn, StringComparer.OrdinalIgnoreCase);

    internal static LogProcessorOptions Read(SettingSection settings)
    {
        var options = new RedactLogsOptions();
        settings.BindList("Attributes", values => options = options with { Attributes = values });
        settings.BindList("Patterns", values => options = options with { Patterns = values });
        settings.BindList("BuiltIn", values => options = options with { BuiltIn = values });
        settings.Bind("Replacement", Parse.Text, value => options = options with { Replacement = value });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        const string AllowedBuiltIn = $"Allowed: {Tokens}, {Cards}, {Emails}, or None alone";
        var none = Has("None");
        foreach (var name in BuiltIn)
        {
            if (!none && !new[] { Tokens, Cards, Emails }.Contains(name, StringComparer.OrdinalIgnoreCase)) yield return (nameof(BuiltIn), $"'{name}' is not a built-in pattern", AllowedBuiltIn);
        }

        if (none && BuiltIn.Count > 1) yield return (nameof(BuiltIn), "None does not go with others", AllowedBuiltIn);
        if (Attributes.Count + Patterns.Count == 0 && (none || BuiltIn.Count == 0)) yield return (nameof(Attributes), "nothing is redacted", "Set Attributes, Patterns or BuiltIn");
        if (Attributes.Any(string.IsNullOrWhiteSpace)) yield return (nameof(Attributes), "a name is empty", "Allowed: names, in which * stands for any text");
        if (Replacement is null) yield return (nameof(Replacement), "it is null", "Allowed: a text");
        foreach (var pattern in Patterns)
        {
            if (RedactSpansOptions.WhatIsWrongWith(pattern) is { } problem) yield return (nameof(Patterns), problem, "Allowed: regular expressions without look-around and back-references; one that has a comma in it is written as an entry of a list");
        }
    }
}
