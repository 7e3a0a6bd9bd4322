using System.Diagnostics;
using OtelTelemetry.Testing.Internal;

namespace OtelTelemetry.Testing;

/// <summary>What a test expects of spans. Immutable.</summary>
public sealed class SpanAssertion : CaptureAssertion<SpanAssertion, CapturedSpan>
{
    private readonly string _name;

    internal SpanAssertion(string name, IReadOnlyList<CapturedSpan> all)
        : this(name, $"span '{name}'", [.. all.Where(span => span.Name == name || span.OperationName == name)], all)
    {
    }

    private SpanAssertion(string name, string description, IReadOnlyList<CapturedSpan> items, IReadOnlyList<CapturedSpan> all)
        : base(description, items, all) => _name = name;

    private protected override string Plural => "spans";

    private protected override string Name => _name;

    private protected override IEnumerable<string> Names => All.Select(span => span.Name);

    /// <summary>Only spans of one activity source.</summary>
    /// <param name="name">The source's name.</param>
    public SpanAssertion WithSource(string name) => Where($"of source '{name}'", span => span.SourceName == name);

    /// <summary>Only spans with an attribute of this value.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Its value; numbers are compared whatever their type.</param>
    public SpanAssertion WithAttribute(string name, object? value) => Where($"with {name}={Show.Value(value)}", span => Has(span, name, value));

    /// <summary>It has an attribute of this value.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Its value; numbers are compared whatever their type.</param>
    /// <exception cref="TelemetryAssertionException">It has not.</exception>
    public SpanAssertion ShouldHaveAttribute(string name, object? value) => Should(
        $"with {name}={Show.Value(value)}",
        span => Has(span, name, value),
        span => span.Attributes.TryGetValue(name, out var actual) ? $"{name} was {Show.Value(actual)}" : $"it had no attribute '{name}'");

    /// <summary>It has this status.</summary>
    /// <param name="status">The status.</param>
    /// <exception cref="TelemetryAssertionException">It has another.</exception>
    public SpanAssertion ShouldHaveStatus(ActivityStatusCode status) =>
        Should($"with status {status}", span => span.Status == status, span => $"its status was {span.Status}");

    /// <summary>It has an event of this name.</summary>
    /// <param name="name">The event's name; <c>exception</c> for a recorded exception.</param>
    /// <exception cref="TelemetryAssertionException">It has none.</exception>
    public SpanAssertion ShouldHaveEvent(string name) => Should(
        $"with event '{name}'",
        span => span.Events.Any(one => one.Name == name),
        span => span.Events.Count == 0 ? "it had no events" : $"its events were {string.Join(", ", span.Events.Select(one => $"'{one.Name}'"))}");

    /// <summary>Its parent is a span of this name.</summary>
    /// <param name="name">The parent's name.</param>
    /// <exception cref="TelemetryAssertionException">It has another parent, or none.</exception>
    public SpanAssertion ShouldBeChildOf(string name) => Should(
        $"as a child of '{name}'",
        span => ParentOf(span) is { } parent && (parent.Name == name || parent.OperationName == name),
        span => span.ParentSpanId == default ? "it was a root" : ParentOf(span) is { } parent ? $"its parent was '{parent.Name}'" : "its parent was not captured (has it ended?)");

    /// <summary>A span of this name is its child.</summary>
    /// <param name="name">The child's name.</param>
    /// <exception cref="TelemetryAssertionException">It has no such child.</exception>
    public SpanAssertion ShouldHaveChild(string name) => Should(
        $"with child '{name}'",
        span => ChildrenOf(span).Any(child => child.Name == name || child.OperationName == name),
        span => ChildrenOf(span).Any() ? $"its children were {string.Join(", ", ChildrenOf(span).Select(child => $"'{child.Name}'"))}" : "it had no children");

    /// <summary>It has no parent.</summary>
    /// <exception cref="TelemetryAssertionException">It has one.</exception>
    public SpanAssertion ShouldBeRoot() => Should("as a root", span => span.ParentSpanId == default, span => $"its parent was '{ParentOf(span)?.Name ?? span.ParentSpanId.ToHexString()}'");

    private protected override SpanAssertion Narrowed(string description, IReadOnlyList<CapturedSpan> items) => new(_name, description, items, All);

    private static bool Has(CapturedSpan span, string name, object? value) => span.Attributes.TryGetValue(name, out var actual) && Show.Same(actual, value);

    private CapturedSpan? ParentOf(CapturedSpan span) => All.FirstOrDefault(other => other.TraceId == span.TraceId && other.SpanId == span.ParentSpanId);

    private IEnumerable<CapturedSpan> ChildrenOf(CapturedSpan span) => All.Where(other => other.TraceId == span.TraceId && other.ParentSpanId == span.SpanId);
}
