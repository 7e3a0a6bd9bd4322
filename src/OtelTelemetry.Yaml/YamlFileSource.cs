using Microsoft.Extensions.Configuration;

namespace OtelTelemetry.Yaml;

/// <summary>A YAML file among the sources of a configuration.</summary>
internal sealed class YamlFileSource : FileConfigurationSource
{
    public override IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        EnsureDefaults(builder);
        return new YamlFileProvider(this);
    }
}
