namespace OtelTelemetry.Configuration;

/// <summary>What was found out about the settings: errors, warnings, and which key or variable gave each value.</summary>
/// <param name="sources">Knows the files that settings came from; null for none.</param>
internal sealed class SettingReport(SettingSources? sources = null)
{
    private readonly Dictionary<string, (string Key, object? Value)> _origins = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<TelemetryConfigurationError> _errors = [];

    public IReadOnlyList<TelemetryConfigurationError> Errors => _errors;

    public List<string> Warnings { get; } = [];

    /// <summary>Adds an error unless the setting has the same one already.</summary>
    public void Error(string setting, string problem, string remedy)
    {
        var error = new TelemetryConfigurationError(setting, problem, remedy) { File = sources?.FileOf(setting) };
        if (!_errors.Contains(error)) _errors.Add(error);
    }

    /// <summary>Adds a warning about a setting.</summary>
    public void Warn(string setting, string says) => Warnings.Add($"{Locate(setting)} {says}");

    /// <summary>The setting with the file it came from, where it came from one.</summary>
    public string Locate(string setting) => sources?.FileOf(setting) is { } file ? $"{file}: {setting}" : setting;

    /// <summary>Remembers that a key or variable gave a property its value.</summary>
    public void CameFrom(string path, string key, object? value) => _origins[path] = (key, value);

    /// <summary>Whether a key or variable gave a property its value.</summary>
    public bool Knows(string path) => _origins.ContainsKey(path);

    /// <summary>Whether the property's value came from a key or variable and was not changed in code since.</summary>
    public bool IsFromConfiguration(string path, object? value) => _origins.TryGetValue(path, out var origin) && Equals(origin.Value, value);

    /// <summary>The setting's name as whoever set it wrote it.</summary>
    public string NameOf(string path, object? value) =>
        IsFromConfiguration(path, value) ? _origins[path].Key : "TelemetryOptions." + path.Replace(':', '.');

    /// <summary>As <see cref="NameOf"/>, for a value in a part of a list or map, which its own setting or that of a whole map gave.</summary>
    public string NameOfPart(string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf(':', end - 1))
        {
            if (_origins.TryGetValue(path[..end], out var origin)) return origin.Key + path[end..];
        }

        return NameOfCollection(path);
    }

    /// <summary>As <see cref="NameOf"/>, for a list or map, whose items may have been changed in code.</summary>
    public string NameOfCollection(string path) =>
        _origins.TryGetValue(path, out var origin) ? origin.Key : "TelemetryOptions." + path.Replace(':', '.');
}
