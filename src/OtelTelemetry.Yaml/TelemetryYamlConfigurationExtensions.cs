using Microsoft.Extensions.FileProviders;
using OtelTelemetry;
using OtelTelemetry.Yaml;

namespace Microsoft.Extensions.Configuration;

/// <summary>Adds YAML to the sources of a configuration.</summary>
public static class TelemetryYamlConfigurationExtensions
{
    /// <summary>
    /// Adds a YAML file (YAML 1.2, core schema). Like every source it wins over those that were added before it. Below <c>Telemetry</c> the
    /// names of settings may be written <c>snake_case</c> or <c>kebab-case</c>; names of metrics and labels stay as they are.
    /// </summary>
    /// <param name="builder">The configuration.</param>
    /// <param name="path">The file, relative to the configuration's base path, or absolute.</param>
    /// <param name="optional">Whether the file may be missing. Default: false.</param>
    /// <param name="reloadOnChange">Whether the configuration is read again when the file changes. Default: false.</param>
    /// <exception cref="TelemetryConfigurationException">The file is not YAML, or no settings; the message says the line, the cause and the remedy.
    /// Thrown here by a <c>ConfigurationManager</c>, which reads at once; else when the configuration is built.</exception>
    /// <exception cref="FileNotFoundException">The file is missing and not optional; thrown at the same time.</exception>
    public static IConfigurationBuilder AddTelemetryYamlFile(this IConfigurationBuilder builder, string path, bool optional = false, bool reloadOnChange = false) =>
        AddTelemetryYamlFile(builder, provider: null, path, optional, reloadOnChange);

    /// <summary>As <see cref="AddTelemetryYamlFile(IConfigurationBuilder, string, bool, bool)"/>, with the file taken from a provider of files.</summary>
    /// <param name="builder">The configuration.</param>
    /// <param name="provider">Where the file is; null for the configuration's base path.</param>
    /// <param name="path">The file.</param>
    /// <param name="optional">Whether the file may be missing.</param>
    /// <param name="reloadOnChange">Whether the configuration is read again when the file changes.</param>
    /// <exception cref="TelemetryConfigurationException">The file is not YAML, or no settings; the message says the line, the cause and the remedy.</exception>
    /// <exception cref="FileNotFoundException">The file is missing and not optional.</exception>
    public static IConfigurationBuilder AddTelemetryYamlFile(
        this IConfigurationBuilder builder, IFileProvider? provider, string path, bool optional, bool reloadOnChange)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var source = new YamlFileSource { FileProvider = provider, Path = path, Optional = optional, ReloadOnChange = reloadOnChange };
        source.ResolveFileProvider();
        return builder.Add(source);
    }

    /// <summary>Adds YAML from a stream, which is read once and left open. Otherwise as
    /// <see cref="AddTelemetryYamlFile(IConfigurationBuilder, string, bool, bool)"/>.</summary>
    /// <param name="builder">The configuration.</param>
    /// <param name="stream">The YAML, in UTF-8.</param>
    /// <exception cref="TelemetryConfigurationException">It is not YAML, or no settings; the message says the line, the cause and the remedy.</exception>
    public static IConfigurationBuilder AddTelemetryYamlStream(this IConfigurationBuilder builder, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(stream);
        return builder.Add(new YamlStreamSource { Stream = stream });
    }
}
