using Microsoft.Extensions.Configuration;

namespace OtelTelemetry.Yaml;

/// <summary>A stream of YAML among the sources of a configuration.</summary>
internal sealed class YamlStreamSource : StreamConfigurationSource
{
    public override IConfigurationProvider Build(IConfigurationBuilder builder) => new YamlStreamProvider(this);
}
