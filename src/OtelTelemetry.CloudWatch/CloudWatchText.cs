namespace OtelTelemetry.Exporters.CloudWatch;

/// <summary>Names and values as CloudWatch takes them: printable ASCII of a bounded length (CloudWatch's API reference). Other characters
/// become underscores, and what is too long is cut.</summary>
internal static class CloudWatchText
{
    public static string Namespace(string text)
    {
        var name = Text(text, 255, static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/' or '#' or ':' or ' ').Trim();
        // AWS keeps these for itself.
        return name.StartsWith("AWS/", StringComparison.OrdinalIgnoreCase) ? "_" + name[4..] : name;
    }

    public static string Metric(string text) => Text(text, 255, IsPrintable);

    /// <summary>A dimension's name; empty where it can have none.</summary>
    public static string DimensionName(string text) => Text(text, 255, IsPrintable).Trim();

    /// <summary>A dimension's value; empty where CloudWatch takes none.</summary>
    public static string DimensionValue(string text)
    {
        var value = Text(text, 1024, IsPrintable);
        return string.IsNullOrWhiteSpace(value) ? "" : value;
    }

    private static bool IsPrintable(char character) => character is >= ' ' and <= '~';

    private static string Text(string text, int longest, Func<char, bool> isAllowed)
    {
        if (text.Length <= longest && !text.StartsWith(':') && text.All(isAllowed)) return text;
        var allowed = text.Take(longest).Select((character, i) => !isAllowed(character) || (i == 0 && character == ':') ? '_' : character);
        return new string([.. allowed]);
    }
}
