using YamlDotNet.Core;

namespace OtelTelemetry.Yaml;

/// <summary>Says in a person's words what the parser did not understand.</summary>
internal static class YamlSyntax
{
    private const string General = "Indent the keys of one object alike, with spaces; write a space after ':' and '-'; close what is opened; put text with special characters in quotes";

    // What a message of the parser holds, and what helps then.
    private static readonly (string Says, string Remedy)[] s_remedies =
    [
        ("cannot start any token", "Put a value that begins with a special character in quotes"),
        ("invalid mapping", "Put a value that holds ': ' in quotes, and indent the keys of one object alike"),
        ("unexpected end of stream", "Close the quote that is opened here"),
        ("expected <block end>", "Indent the keys of one object, and the items of one list, alike"),
        ("could not find expected ':'", "Write ': ' between a key and its value"),
        ("unknown escape", "Write \\\\ for a backslash in double quotes, or use single quotes"),
    ];

    public static YamlProblemException Explain(YamlException exception, string text)
    {
        var place = YamlPlace.Of(exception.Start);
        if (exception.Message.Contains(" tab", StringComparison.Ordinal) && FirstTab(text, place.Line) is { } tab)
        {
            return new YamlProblemException(tab, "a tab indents this line", "Indent with spaces: YAML does not allow tabs there");
        }

        var message = exception.Message.TrimEnd('.');
        var remedy = s_remedies.FirstOrDefault(entry => message.Contains(entry.Says, StringComparison.OrdinalIgnoreCase)).Remedy ?? General;
        return new YamlProblemException(place, "this is not YAML: " + char.ToLowerInvariant(message[0]) + message[1..], remedy);
    }

    public static YamlProblemException Explain(YamlPlace place) => new(place, "this is not YAML: something is missing after this place", General);

    /// <summary>The first line from a line on that a tab indents: the parser names the line on which the object began.</summary>
    private static YamlPlace? FirstTab(string text, long fromLine)
    {
        var lines = text.Split('\n');
        for (var line = fromLine; line <= lines.Length; line++)
        {
            var content = lines[line - 1];
            var indent = content.Length - content.TrimStart(' ', '\t').Length;
            if (content.AsSpan(0, indent).IndexOf('\t') is var column and >= 0) return new YamlPlace(line, column + 1);
        }

        return null;
    }
}
