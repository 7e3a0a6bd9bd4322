namespace OtelTelemetry.Yaml;

/// <summary>A single value.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Text">What stands there.</param>
/// <param name="Value">What it means as a setting's value; null for none.</param>
internal sealed record YamlScalar(YamlPlace Place, string Text, string? Value) : YamlNode(Place);
