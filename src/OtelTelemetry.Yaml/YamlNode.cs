namespace OtelTelemetry.Yaml;

/// <summary>A part of a document, with the line and column on which it begins, from 1.</summary>
internal abstract record YamlNode(YamlPlace Place);
