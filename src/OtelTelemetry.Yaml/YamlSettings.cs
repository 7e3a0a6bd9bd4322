using System.Text;
using Microsoft.Extensions.Configuration;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Yaml;

/// <summary>Turns a document into the keys and values of a configuration: objects into paths, lists into numbered keys, as the JSON provider does.</summary>
internal sealed class YamlSettings
{
    private const string MergeKey = "<<";

    private readonly Dictionary<string, string?> _data = new(StringComparer.OrdinalIgnoreCase);
    private int _nodes;
    private long _characters;

    private YamlSettings()
    {
    }

    /// <exception cref="TelemetryConfigurationException">The document is not YAML, or no settings.</exception>
    public static Dictionary<string, string?> Read(Stream stream, string file)
    {
        try
        {
            var settings = new YamlSettings();
            var root = YamlReader.Read(ReadText(stream));
            if (root is YamlMapping mapping) settings.AddEntries(mapping, path: "", SettingNames.Root, depth: 0);
            else if (root is not null and not YamlScalar { Value: null }) throw new YamlProblemException(root.Place, "the document is not an object", "Begin with a key, such as 'telemetry:'");
            return settings._data;
        }
        catch (YamlProblemException problem)
        {
            throw new TelemetryConfigurationException([new TelemetryConfigurationError(problem.Place.ToString(), problem.Problem, problem.Remedy) { File = file }]);
        }
    }

    private static string ReadText(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: -1, leaveOpen: true);
        var text = new StringBuilder();
        var buffer = new char[8192];
        for (var read = reader.Read(buffer); read > 0; read = reader.Read(buffer))
        {
            text.Append(buffer, 0, read);
            if (text.Length > YamlLimits.Characters) throw new YamlProblemException(new YamlPlace(1, 1), $"the document has more than {YamlLimits.Characters} characters", "Take a smaller document");
        }

        return text.ToString();
    }

    private void Add(YamlNode node, string path, SettingNames? names, int depth)
    {
        switch (node)
        {
            case YamlScalar scalar:
                Set(scalar.Place, path, scalar.Value);
                break;
            case YamlMapping { Entries.Count: 0 }:
                Set(node.Place, path, value: null);
                break;
            case YamlSequence { Items.Count: 0 }:
                Set(node.Place, path, value: "");
                break;
            case YamlMapping mapping:
                AddEntries(mapping, path + ConfigurationPath.KeyDelimiter, names, depth);
                break;
            case YamlSequence sequence:
                Count(node.Place, path, value: null, depth);
                for (var i = 0; i < sequence.Items.Count; i++)
                {
                    var (name, below) = SettingNames.Resolve(names, i.ToString(System.Globalization.CultureInfo.InvariantCulture));
                    Add(sequence.Items[i], path + ConfigurationPath.KeyDelimiter + name, below, depth + 1);
                }

                break;
        }
    }

    private void AddEntries(YamlMapping mapping, string path, SettingNames? names, int depth)
    {
        Count(mapping.Place, path, value: null, depth);
        foreach (var (_, name, below, value) in Entries(mapping, names, depth)) Add(value, path + name, below, depth + 1);
    }

    /// <summary>The entries of an object, then those it merges in and has not itself (YAML merge key language-independent type).</summary>
    private List<(YamlScalar Key, string Name, SettingNames? Below, YamlNode Value)> Entries(YamlMapping mapping, SettingNames? names, int depth)
    {
        var entries = new List<(YamlScalar, string, SettingNames?, YamlNode)>();
        var seen = new Dictionary<string, YamlScalar>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in mapping.Entries)
        {
            Count(key.Place, key.Text, value: null, depth);
            if (key.Text == MergeKey) continue;
            var (name, below) = SettingNames.ResolvePath(names, key.Text);
            if (!seen.TryAdd(name, key))
            {
                var first = seen[name];
                var how = first.Text == key.Text ? "is there already" : $"is the same setting as '{first.Text}'";
                throw new YamlProblemException(key.Place, $"the key '{key.Text}' {how}, in line {first.Place.Line}", "Remove one of the two");
            }

            entries.Add((key, name, below, value));
        }

        foreach (var (key, value) in mapping.Entries)
        {
            if (key.Text != MergeKey) continue;
            foreach (var entry in Merged(value, names, depth))
            {
                if (seen.TryAdd(entry.Name, entry.Key)) entries.Add(entry);
            }
        }

        return entries;
    }

    private IEnumerable<(YamlScalar Key, string Name, SettingNames? Below, YamlNode Value)> Merged(YamlNode value, SettingNames? names, int depth)
    {
        Count(value.Place, "", value: null, depth);
        return value switch
        {
            YamlMapping mapping => Entries(mapping, names, depth + 1),
            YamlSequence sequence => sequence.Items.SelectMany(item => item is YamlMapping mapping ? Entries(mapping, names, depth + 1) : throw NotMerged(item)),
            _ => throw NotMerged(value),
        };
    }

    private static YamlProblemException NotMerged(YamlNode node) =>
        new(node.Place, "'<<' merges something that is not an object", "Name an object, or a list of objects, such as '<<: *defaults'");

    private void Set(YamlPlace place, string path, string? value)
    {
        Count(place, path, value, depth: 0);
        if (!_data.TryAdd(path, value)) throw new YamlProblemException(place, $"the setting '{path}' is there already", "Remove one of the two");
    }

    /// <summary>Aliases make much of little: what comes of them is bounded, too.</summary>
    private void Count(YamlPlace place, string path, string? value, int depth)
    {
        if (depth > YamlLimits.Depth)
        {
            throw new YamlProblemException(place, $"with its aliases, the document is more than {YamlLimits.Depth} levels deep", "Use fewer levels");
        }

        _characters += path.Length + (value?.Length ?? 0);
        if (++_nodes > YamlLimits.Nodes || _characters > YamlLimits.SettingCharacters)
        {
            throw new YamlProblemException(
                place, $"with its aliases, the document has more than {YamlLimits.Nodes} parts or {YamlLimits.SettingCharacters} characters", "Use fewer aliases, or a smaller document");
        }
    }
}
