using OtelTelemetry.Testing.Internal;

namespace OtelTelemetry.Testing;

/// <summary>
/// Says what a test expects of captured items. <c>With…</c> narrows down; <c>Should…</c> throws a <see cref="TelemetryAssertionException"/>
/// that shows what was there instead, and narrows down to the items that fulfil it, so that what is chained is about the same item. Immutable.
/// </summary>
/// <typeparam name="TSelf">The assertion itself.</typeparam>
/// <typeparam name="TItem">What it is about.</typeparam>
public abstract class CaptureAssertion<TSelf, TItem>
    where TSelf : CaptureAssertion<TSelf, TItem>
    where TItem : class
{
    private protected CaptureAssertion(string description, IReadOnlyList<TItem> items, IReadOnlyList<TItem> all)
    {
        Description = description;
        Items = items;
        All = all;
    }

    /// <summary>The items that fit, in the order in which they came.</summary>
    public IReadOnlyList<TItem> Items { get; }

    private protected string Description { get; }

    private protected IReadOnlyList<TItem> All { get; }

    private protected abstract string Plural { get; }

    /// <summary>There is at least one.</summary>
    /// <exception cref="TelemetryAssertionException">There is none.</exception>
    public TSelf ShouldExist()
    {
        if (Items.Count == 0) throw Failure($"Expected {Description}, but there was none.");
        return (TSelf)this;
    }

    /// <summary>There is none.</summary>
    /// <exception cref="TelemetryAssertionException">There is one.</exception>
    public void ShouldNotExist()
    {
        if (Items.Count > 0) throw Failure($"Expected no {Description}, but there were {Items.Count}.");
    }

    /// <summary>There are exactly so many.</summary>
    /// <param name="times">How many.</param>
    /// <exception cref="TelemetryAssertionException">There are more or fewer.</exception>
    public TSelf ShouldBeRecorded(int times)
    {
        if (Items.Count != times) throw Failure($"Expected {Description} {times} times, but it was there {Items.Count} times.");
        return (TSelf)this;
    }

    private protected abstract TSelf Narrowed(string description, IReadOnlyList<TItem> items);

    private protected abstract IEnumerable<string> Names { get; }

    private protected abstract string Name { get; }

    private protected TSelf Where(string condition, Func<TItem, bool> fits) => Narrowed($"{Description} {condition}", [.. Items.Where(fits)]);

    /// <summary>Narrows down to what fulfils something, and fails where nothing does.</summary>
    private protected TSelf Should(string condition, Func<TItem, bool> fits, Func<TItem, string> actual)
    {
        ShouldExist();
        TItem[] fulfil = [.. Items.Where(fits)];
        if (fulfil.Length == 0) throw Failure($"Expected {Description} {condition}, but {string.Join("; ", Items.Take(5).Select(actual))}.");
        return Narrowed($"{Description} {condition}", fulfil);
    }

    private TelemetryAssertionException Failure(string problem)
    {
        var hint = Items.Count == 0 && Name.Length > 0 && !Names.Contains(Name, StringComparer.Ordinal) ? Show.Nearest(Name, Names) : "";
        return new TelemetryAssertionException($"{problem}{hint}{Environment.NewLine}{Show.List($"All {Plural} captured", All)}");
    }
}
