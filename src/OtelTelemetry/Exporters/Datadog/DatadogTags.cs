using System.Text;

namespace OtelTelemetry.Exporters.Datadog;

/// <summary>Names and tags as Datadog takes them.</summary>
internal static class DatadogTags
{
    /// <summary>The tags that all series have: those of the settings, and what the resource says of the service.</summary>
    public static string[] Constant(IDictionary<string, string> tags, IReadOnlyDictionary<string, object> resource)
    {
        var all = new Dictionary<string, string>(tags, StringComparer.Ordinal);
        Add("service", "service.name");
        Add("env", "deployment.environment.name");
        Add("env", "deployment.environment");
        Add("version", "service.version");
        return [.. all.Where(tag => tag.Value.Length > 0).Select(tag => Of(tag.Key, tag.Value))];

        void Add(string tag, string attribute)
        {
            if (!all.ContainsKey(tag) && resource.TryGetValue(attribute, out var value) && value.ToString() is { Length: > 0 } text) all[tag] = text;
        }
    }

    /// <summary>A tag. Datadog itself makes it lower case and replaces what it does not take; only what would make two of one is replaced here.</summary>
    public static string Of(string name, string value)
    {
        var tag = new StringBuilder(name.Length + value.Length + 1);
        foreach (var character in name) tag.Append(character is ',' or ':' || char.IsControl(character) ? '_' : character);
        tag.Append(':');
        foreach (var character in value) tag.Append(character == ',' || char.IsControl(character) ? '_' : character);
        return tag.ToString();
    }

    /// <summary>A metric's name: ASCII letters, digits, underscores and dots.</summary>
    public static string Name(string prefix, string name)
    {
        var text = new StringBuilder(prefix.Length + name.Length + 1);
        foreach (var character in prefix) text.Append(char.IsAsciiLetterOrDigit(character) || character == '.' ? character : '_');
        if (prefix.Length > 0) text.Append('.');
        foreach (var character in name) text.Append(char.IsAsciiLetterOrDigit(character) || character == '.' ? character : '_');
        return text.ToString();
    }
}
