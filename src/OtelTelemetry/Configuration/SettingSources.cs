using Microsoft.Extensions.Configuration;

namespace OtelTelemetry.Configuration;

/// <summary>Knows where settings come from: of several sources the last one that has a key wins, as in the configuration itself.</summary>
internal sealed class SettingSources(IConfiguration configuration)
{
    /// <summary>The path of the file that gave a setting its value, as the application named it; null for what came from elsewhere (variables, command line, code).</summary>
    /// <param name="setting">The full key. Where it is missing, which may be what is wrong, the object counts that it should be in.</param>
    public string? FileOf(string setting)
    {
        for (var end = setting.Length; end > 0; end = setting.LastIndexOf(':', end - 1))
        {
            var key = setting[..end];
            var provider = LastFirst(configuration).FirstOrDefault(one => one.TryGet(key, out _)) ?? LastFirst(configuration).FirstOrDefault(one => HasBelow(one, key));
            if (provider is not null) return (provider as FileConfigurationProvider)?.Source.Path;
        }

        return null;
    }

    /// <summary>Of a list or map that may stand in one source as one value and in another entry by entry: whether the one value has the last word.</summary>
    public bool IsLastAsOneValue(string key)
    {
        foreach (var provider in LastFirst(configuration))
        {
            if (provider.TryGet(key, out var text) && !string.IsNullOrWhiteSpace(text)) return true;
            if (HasBelow(provider, key)) return false;
        }

        return false;
    }

    private static bool HasBelow(IConfigurationProvider provider, string key) => provider.GetChildKeys([], key).Any();

    private static IEnumerable<IConfigurationProvider> LastFirst(IConfiguration configuration)
    {
        if (configuration is not IConfigurationRoot root) return [];
        return root.Providers.Reverse().SelectMany(provider =>
            provider is ChainedConfigurationProvider { Configuration: IConfigurationRoot inner } ? LastFirst(inner) : [provider]);
    }
}
