namespace OtelTelemetry.Yaml;

/// <summary>An object.</summary>
internal sealed record YamlMapping(YamlPlace Place, IReadOnlyList<(YamlScalar Key, YamlNode Value)> Entries) : YamlNode(Place);
