using Microsoft.Extensions.Configuration;

namespace OtelTelemetry.Yaml;

/// <summary>Reads a stream of YAML into settings, once.</summary>
internal sealed class YamlStreamProvider(YamlStreamSource source) : StreamConfigurationProvider(source)
{
    public override void Load(Stream stream) => Data = YamlSettings.Read(stream, "YAML");
}
