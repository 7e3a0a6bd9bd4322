namespace OtelTelemetry.Reading;

/// <summary>What is the same for all series of a metric family. Immutable.</summary>
public sealed class MetricDescriptor
{
    /// <summary>Makes a descriptor.</summary>
    /// <param name="name">The instrument's name as it was registered, before any backend's renaming.</param>
    /// <param name="kind">What the numbers mean.</param>
    /// <param name="unit">The unit in UCUM spelling (<c>s</c>, <c>By</c>, <c>{item}</c>), or an empty string.</param>
    /// <param name="help">The description, or an empty string.</param>
    /// <param name="scope">The meter the instrument belongs to.</param>
    public MetricDescriptor(string name, MetricKind kind, string unit, string help, MetricScope scope)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(scope);
        Name = name;
        Kind = kind;
        Unit = unit ?? "";
        Help = help ?? "";
        Scope = scope;
    }

    /// <summary>The instrument's name as it was registered, before any backend's renaming.</summary>
    public string Name { get; }

    /// <summary>What the numbers mean.</summary>
    public MetricKind Kind { get; }

    /// <summary>The unit in UCUM spelling, or an empty string.</summary>
    public string Unit { get; }

    /// <summary>The description, or an empty string.</summary>
    public string Help { get; }

    /// <summary>The meter the instrument belongs to.</summary>
    public MetricScope Scope { get; }

    /// <summary>What tells the metric from others that were given its name by a rule: the name it was made with. Null for one that kept its name.</summary>
    internal string? Origin { get; init; }

    /// <summary>The same metric under another name.</summary>
    internal MetricDescriptor Renamed(string name) => new(name, Kind, Unit, Help, Scope) { Origin = Name };

    /// <summary>The name, kind and unit, for messages.</summary>
    public override string ToString() => Unit.Length == 0 ? $"{Kind} {Name}" : $"{Kind} {Name} ({Unit})";
}
