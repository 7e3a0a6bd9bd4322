using System.Globalization;
using OtelTelemetry.Collectors;
using OtelTelemetry.Testing.Internal;

namespace OtelTelemetry.Testing;

/// <summary>What a test expects of a metric's values. Immutable.</summary>
public sealed class MetricAssertion : CaptureAssertion<MetricAssertion, CapturedSeries>
{
    private readonly string _name;

    internal MetricAssertion(string name, IReadOnlyList<CapturedSeries> all)
        : this(name, $"metric '{name}'", [.. all.Where(series => series.Metric == name)], all)
    {
    }

    private MetricAssertion(string name, string description, IReadOnlyList<CapturedSeries> items, IReadOnlyList<CapturedSeries> all)
        : base(description, items, all) => _name = name;

    private protected override string Plural => "series";

    private protected override string Name => _name;

    private protected override IEnumerable<string> Names => All.Select(series => series.Metric);

    /// <summary>Only series with these labels; they may have others as well.</summary>
    /// <param name="labels">Names and values, in any order.</param>
    public MetricAssertion WithLabels(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var wanted = MetricTags.Of(labels);
        return Where(wanted.ToString(), series => wanted.All(label => series.Labels.TryGetValue(label.Key, out var value) && value == label.Value));
    }

    /// <summary>Only series of one meter.</summary>
    /// <param name="name">The meter's name.</param>
    public MetricAssertion WithMeter(string name) => Where($"of meter '{name}'", series => series.MeterName == name);

    /// <summary>Its value is this: the sum of a counter over all series that fit, the last value of a gauge, the sum of what a histogram or
    /// summary observed.</summary>
    /// <param name="expected">The value.</param>
    /// <param name="tolerance">The most it may differ. Default: 0.</param>
    /// <exception cref="TelemetryAssertionException">It is another, or there is none.</exception>
    public MetricAssertion ShouldBe(double expected, double tolerance = 0)
    {
        var text = Number(expected) + (tolerance > 0 ? $" (or {Number(tolerance)} more or less)" : "");
        return Check(text, Value(), value => value.Equals(expected) || Math.Abs(value - expected) <= tolerance);
    }

    /// <summary>Its value is in a range.</summary>
    /// <param name="lowest">The lowest value it may have.</param>
    /// <param name="highest">The highest value it may have.</param>
    /// <exception cref="TelemetryAssertionException">It is outside, or there is none.</exception>
    public MetricAssertion ShouldBeBetween(double lowest, double highest) =>
        Check($"{Number(lowest)} to {Number(highest)}", Value(), value => value >= lowest && value <= highest);

    /// <summary>A histogram or summary observed so many values.</summary>
    /// <param name="expected">How many, over all series that fit.</param>
    /// <exception cref="TelemetryAssertionException">It observed more or fewer, or is no histogram or summary.</exception>
    public MetricAssertion ShouldHaveCount(long expected)
    {
        ShouldExist();
        if (Items.Any(series => series.Kind != CapturedKind.Distribution)) throw Fail($"Expected {Description} to be a histogram or summary, but it is none.");
        return Check($"{expected} observations", Items.Sum(series => series.Count), count => count.Equals(expected));
    }

    private protected override MetricAssertion Narrowed(string description, IReadOnlyList<CapturedSeries> items) => new(_name, description, items, All);

    private double Value()
    {
        ShouldExist();
        if (Items.Count > 1 && Items[0].Kind == CapturedKind.LastValue)
        {
            throw Fail($"Expected the value of {Description}, but {Items.Count} series fit, and the values of a gauge have no sum: name more labels.");
        }

        return Items.Sum(series => series.Value);
    }

    private MetricAssertion Check(string expected, double actual, Func<double, bool> holds) =>
        holds(actual) ? this : throw Fail($"Expected {Description} to be {expected}, but it was {Number(actual)}.");

    private TelemetryAssertionException Fail(string problem)
    {
        CapturedSeries[] others = [.. All.Where(series => series.Metric != _name)];
        return new TelemetryAssertionException(
            problem + Environment.NewLine
            + Show.List($"All series of '{_name}'", [.. All.Where(series => series.Metric == _name)]) + Environment.NewLine
            + Show.List("Other series captured", others));
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
