using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OtelTelemetry.Yaml;

/// <summary>Reads one document into nodes. Aliases become the node they name; nothing is copied.</summary>
internal sealed class YamlReader
{
    private readonly Parser _parser;
    private readonly Dictionary<string, YamlNode?> _anchors = new(StringComparer.Ordinal);
    private int _nodes;

    private YamlReader(string text)
    {
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The document's root; null where there is nothing but comments.</summary>
    /// <exception cref="YamlProblemException">It is not YAML, or more than this reader takes.</exception>
    public static YamlNode? Read(string text)
    {
        var reader = new YamlReader(text);
        try
        {
            return reader.ReadStream();
        }
        catch (YamlException exception)
        {
            throw YamlSyntax.Explain(exception, text);
        }
        catch (Exception exception) when (exception is not YamlProblemException)
        {
            // What the parser itself stumbles over, such as a list that is not closed.
            throw YamlSyntax.Explain(reader._parser.Current is { } last ? YamlPlace.Of(last.End) : new YamlPlace(1, 1));
        }
    }

    private YamlNode? ReadStream()
    {
        Next();
        if (Next() is StreamEnd) return null;
        Next();
        var root = ReadNode(depth: 0);
        Next();
        if (Next() is DocumentStart second)
        {
            throw new YamlProblemException(YamlPlace.Of(second.Start), "a second document begins here", "Keep one document a file");
        }

        return root;
    }

    private ParsingEvent Next() => _parser.MoveNext() ? _parser.Current! : throw new InvalidOperationException("The document ends too early.");

    /// <summary>The node whose first event is the current one. Its last event is the current one afterwards.</summary>
    private YamlNode ReadNode(int depth)
    {
        var current = _parser.Current!;
        var place = YamlPlace.Of(current.Start);
        if (current is AnchorAlias alias) return Named(alias, place);
        if (++_nodes > YamlLimits.Nodes) throw new YamlProblemException(place, $"the document has more than {YamlLimits.Nodes} parts", "Take a smaller document");
        if (depth > YamlLimits.Depth) throw new YamlProblemException(place, $"objects and lists lie more than {YamlLimits.Depth} deep in one another", "Use fewer levels");
        if (current is not NodeEvent start) throw new InvalidOperationException("A node was expected.");
        if (!CoreSchema.IsKnown(start.Tag)) throw new YamlProblemException(place, $"the tag '{start.Tag.Value}' is not known", "Remove it; quotes make a text of a value");
        var anchor = start.Anchor.IsEmpty ? null : start.Anchor.Value;

        // Until the node is complete, its own alias in it would have no end.
        if (anchor is not null) _anchors[anchor] = null;
        YamlNode node = start switch
        {
            Scalar scalar => new YamlScalar(place, scalar.Value, CoreSchema.ValueOf(scalar)),
            SequenceStart => ReadSequence(place, depth),
            MappingStart => ReadMapping(place, depth),
            _ => throw new InvalidOperationException("A node was expected."),
        };
        if (anchor is not null) _anchors[anchor] = node;
        return node;
    }

    private YamlSequence ReadSequence(YamlPlace place, int depth)
    {
        var items = new List<YamlNode>();
        while (Next() is not SequenceEnd) items.Add(ReadNode(depth + 1));
        return new YamlSequence(place, items);
    }

    private YamlMapping ReadMapping(YamlPlace place, int depth)
    {
        var entries = new List<(YamlScalar, YamlNode)>();
        while (Next() is not MappingEnd)
        {
            var key = ReadNode(depth + 1);
            if (key is not YamlScalar name) throw new YamlProblemException(key.Place, "a key is an object or a list", "Use a text as the key");
            Next();
            entries.Add((name, ReadNode(depth + 1)));
        }

        return new YamlMapping(place, entries);
    }

    private YamlNode Named(AnchorAlias alias, YamlPlace place)
    {
        var name = alias.Value.Value;
        if (!_anchors.TryGetValue(name, out var node))
        {
            throw new YamlProblemException(place, $"the alias '*{name}' names no anchor", $"Write '&{name}' before the node it stands for, or put the value in quotes");
        }

        return node ?? throw new YamlProblemException(place, $"the alias '*{name}' stands within what it names", "Name another node");
    }
}
