namespace OtelTelemetry.Yaml;

/// <summary>A list.</summary>
internal sealed record YamlSequence(YamlPlace Place, IReadOnlyList<YamlNode> Items) : YamlNode(Place);
