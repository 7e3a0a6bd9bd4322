using Microsoft.Extensions.Configuration;

namespace OtelTelemetry.Tests.Support;

/// <summary>A folder with configuration files, gone when disposed.</summary>
internal sealed class SettingFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("oteltelemetry-settings-").FullName;

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(_path, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Writes a JSON file and adds it to a configuration, under its name alone.</summary>
    public IConfigurationBuilder Json(string name, string text, IConfigurationBuilder? builder = null)
    {
        Write(name, text);
        return (builder ?? new ConfigurationBuilder()).SetBasePath(_path).AddJsonFile(name);
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
