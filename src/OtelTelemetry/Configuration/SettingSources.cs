using Microsoft.Extensions.Configuration;

namespace OtelTelemetry.Configuration;

/// <summary>Finds the file that gave a setting its value: of several providers the last one that has the key wins, as in the configuration itself.</summary>
internal sealed class SettingSources(IConfiguration configuration)
{
    /// <summary>The file's path as the application named it; null for what came from elsewhere (variables, command line, code).</summary>
    /// <param name="setting">The full key. Where it is missing, which may be what is wrong, the object counts that it should be in.</param>
    public string? FileOf(string setting)
    {
        for (var end = setting.Length; end > 0; end = setting.LastIndexOf(':', end - 1))
        {
            if (Provider(configuration, setting[..end]) is { } provider) return (provider as FileConfigurationProvider)?.Source.Path;
        }

        return null;
    }

    private static IConfigurationProvider? Provider(IConfiguration configuration, string key)
    {
        if (configuration is not IConfigurationRoot root) return null;
        var last = root.Providers.Reverse().ToArray();
        return Find(last, provider => provider.TryGet(key, out _)) ?? Find(last, provider => provider.GetChildKeys([], key).Any());
    }

    private static IConfigurationProvider? Find(IConfigurationProvider[] providers, Func<IConfigurationProvider, bool> has)
    {
        foreach (var provider in providers)
        {
            if (!has(provider)) continue;
            if (provider is not ChainedConfigurationProvider { Configuration: IConfigurationRoot inner }) return provider;
            return Find([.. inner.Providers.Reverse()], has);
        }

        return null;
    }
}
