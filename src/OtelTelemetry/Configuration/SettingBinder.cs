using Microsoft.Extensions.Configuration;

namespace OtelTelemetry.Configuration;

/// <summary>
/// Gives each property its value from its variable, or from its key in section <c>Telemetry</c>. Both are looked at, so that a wrong
/// value is reported even where the other wins. Read by hand, not by reflection: that keeps the library trimmable.
/// </summary>
internal sealed class SettingBinder(IConfiguration configuration, SettingReport report)
{
    public const string Section = "Telemetry";

    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where what is wrong is told.</summary>
    public SettingReport Report => report;

    /// <summary>Every path that was asked for, relative to the section.</summary>
    public IReadOnlySet<string> KnownPaths => _known;

    /// <summary>The trimmed value of a key, or null where there is none: an empty value counts as none (OpenTelemetry environment variable specification).</summary>
    public string? Text(string key) => configuration[key]?.Trim() is { Length: > 0 } text ? text : null;

    public void Bind<T>(string path, Func<string, Parsed<T>> parse, Action<T> apply, string? variable = null, Func<string, Parsed<T>>? parseVariable = null)
    {
        _known.Add(path);
        Take(path, $"{Section}:{path}", parse, apply);
        if (variable is not null) Take(path, variable, parseVariable ?? parse, apply);
    }

    /// <summary>A list: an array of the configuration, or one value with commas.</summary>
    public void BindList(string path, Action<IReadOnlyList<string>> apply, string? variable = null)
    {
        Bind(path, Parse.List, apply, variable);
        var items = configuration.GetSection($"{Section}:{path}").GetChildren().Select(child => child.Value?.Trim()).OfType<string>().ToArray();
        if (items.Length == 0 || (variable is not null && Text(variable) is not null)) return;
        apply(items);
        report.CameFrom(path, $"{Section}:{path}", null);
    }

    /// <summary>A list of numbers, written like any list.</summary>
    public void BindNumbers(string path, Action<IReadOnlyList<double>> apply) => BindList(path, items =>
    {
        var numbers = new List<double>();
        foreach (var item in items)
        {
            var number = Parse.OptionalNumber(item);
            if (number.Value is { } value) numbers.Add(value);
            else report.Error($"{Section}:{path}", number.Problem!, number.Remedy!);
        }

        apply(numbers);
    });

    /// <summary>Names and values: an object of the configuration, or one value <c>name=value,name=value</c>.</summary>
    public void BindMap(string path, Action<IReadOnlyDictionary<string, string>> apply, string? variable = null, bool variableAdds = false)
    {
        _known.Add(path);
        Take(path, $"{Section}:{path}", Parse.Map, apply);
        var children = configuration.GetSection($"{Section}:{path}").GetChildren()
            .Where(child => child.Value is not null)
            .ToDictionary(child => child.Key, child => child.Value!, StringComparer.Ordinal);
        if (children.Count > 0 && (variableAdds || variable is null || Text(variable) is null))
        {
            apply(children);
            report.CameFrom(path, $"{Section}:{path}", null);
        }

        if (variable is not null) Take(path, variable, Parse.Map, apply);
    }

    /// <summary>Names and values of another type than text: an object of the configuration.</summary>
    public void BindMap<T>(string path, Func<string, Parsed<T>> parse, Action<IReadOnlyDictionary<string, T>> apply)
    {
        _known.Add(path);
        var values = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var child in configuration.GetSection($"{Section}:{path}").GetChildren())
        {
            if (child.Value?.Trim() is not { Length: > 0 } text) continue;
            var parsed = parse(text);
            if (parsed.Problem is null) values[child.Key] = parsed.Value!;
            else report.Error($"{Section}:{path}:{child.Key}", parsed.Problem, parsed.Remedy!);
        }

        if (values.Count == 0) return;
        apply(values);
        report.CameFrom(path, $"{Section}:{path}", null);
    }

    /// <summary>The keys below a path, in the configuration's order: the entries of a list or map of objects.</summary>
    public IReadOnlyList<string> ChildrenOf(string path) => [.. configuration.GetSection($"{Section}:{path}").GetChildren().Select(child => child.Key)];

    /// <summary>Declares a path that is only read where it is there.</summary>
    public void Know(string path) => _known.Add(path);

    private void Take<T>(string path, string key, Func<string, Parsed<T>> parse, Action<T> apply)
    {
        if (Text(key) is not { } text) return;
        var parsed = parse(text);
        if (parsed.Problem is not null)
        {
            report.Error(key, parsed.Problem, parsed.Remedy!);
            return;
        }

        apply(parsed.Value!);
        report.CameFrom(path, key, parsed.Value);
    }
}
