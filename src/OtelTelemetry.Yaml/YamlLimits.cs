namespace OtelTelemetry.Yaml;

/// <summary>How large a document may be, so that a small one that refers to itself again and again does not fill the memory.</summary>
internal static class YamlLimits
{
    /// <summary>The most characters of a document.</summary>
    public const int Characters = 4 * 1024 * 1024;

    /// <summary>How deep objects and lists may lie in one another.</summary>
    public const int Depth = 64;

    /// <summary>The most objects, lists and values, each counted as often as an alias repeats it.</summary>
    public const int Nodes = 100_000;

    /// <summary>The most characters of all keys and values, each counted as often as an alias repeats it.</summary>
    public const int SettingCharacters = 16 * 1024 * 1024;
}
