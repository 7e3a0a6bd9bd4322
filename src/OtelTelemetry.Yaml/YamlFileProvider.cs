using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Configuration;

namespace OtelTelemetry.Yaml;

/// <summary>Reads a YAML file into settings, at first and whenever it changes.</summary>
internal sealed class YamlFileProvider(YamlFileSource source) : FileConfigurationProvider(source)
{
    public override void Load()
    {
        try
        {
            base.Load();
        }
        catch (InvalidDataException exception) when (exception.InnerException is TelemetryConfigurationException cause)
        {
            // The base class wraps it in an error that says less.
            ExceptionDispatchInfo.Throw(cause);
        }
    }

    public override void Load(Stream stream) => Data = YamlSettings.Read(stream, Source.Path ?? "YAML");
}
