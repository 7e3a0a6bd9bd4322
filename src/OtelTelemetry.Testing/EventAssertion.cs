using OtelTelemetry.Events;
using OtelTelemetry.Testing.Internal;

namespace OtelTelemetry.Testing;

/// <summary>What a test expects of events. Immutable.</summary>
public sealed class EventAssertion : CaptureAssertion<EventAssertion, TelemetryEvent>
{
    private readonly string _name;

    internal EventAssertion(string name, IReadOnlyList<TelemetryEvent> all)
        : this(name, $"event '{name}'", [.. all.Where(one => one.Name == name)], all)
    {
    }

    private EventAssertion(string name, string description, IReadOnlyList<TelemetryEvent> items, IReadOnlyList<TelemetryEvent> all)
        : base(description, items, all) => _name = name;

    private protected override string Plural => "events";

    private protected override string Name => _name;

    private protected override IEnumerable<string> Names => All.Select(one => one.Name);

    /// <summary>Only events with a label of this value.</summary>
    /// <param name="name">The label's name.</param>
    /// <param name="value">Its value.</param>
    public EventAssertion WithLabel(string name, string value) =>
        Where($"with {name}=\"{value}\"", one => one.Labels.TryGetValue(name, out var actual) && actual == value);

    /// <summary>It has a label of this value.</summary>
    /// <param name="name">The label's name.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="TelemetryAssertionException">It has not.</exception>
    public EventAssertion ShouldHaveLabel(string name, string value) => Should(
        $"with label {name}=\"{value}\"",
        one => one.Labels.TryGetValue(name, out var actual) && actual == value,
        one => one.Labels.TryGetValue(name, out var actual) ? $"{name} was \"{actual}\"" : $"it had no label '{name}'");

    /// <summary>Its value is this.</summary>
    /// <param name="value">The value; numbers are compared whatever their type.</param>
    /// <exception cref="TelemetryAssertionException">It is another.</exception>
    public EventAssertion ShouldHaveValue(object? value) => Should($"with value {Show.Value(value)}", one => Show.Same(one.Value, value), one => $"its value was {Show.Value(one.Value)}");

    /// <summary>Its value is a dictionary with this entry.</summary>
    /// <param name="key">The entry's name.</param>
    /// <param name="value">Its value; numbers are compared whatever their type.</param>
    /// <exception cref="TelemetryAssertionException">It has no such entry.</exception>
    public EventAssertion ShouldHaveValue(string key, object? value) => Should(
        $"with {key}={Show.Value(value)}",
        one => Entry(one, key, out var actual) && Show.Same(actual, value),
        one => Entry(one, key, out var actual) ? $"{key} was {Show.Value(actual)}" : $"its value had no entry '{key}'");

    private protected override EventAssertion Narrowed(string description, IReadOnlyList<TelemetryEvent> items) => new(_name, description, items, All);

    private static bool Entry(TelemetryEvent one, string key, out object? value)
    {
        value = null;
        return one.Value is IReadOnlyDictionary<string, object?> entries && entries.TryGetValue(key, out value);
    }
}
