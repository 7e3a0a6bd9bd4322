using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Hosting;

namespace OtelTelemetry.Processors.Measurements;

/// <summary>Which instrument of a meter has which name in the SDK. It would take two of one name for one metric, and add up what does not
/// belong together: so a name is the first one's, and whoever comes later is told of and counted. Thread-safe.</summary>
/// <param name="own">The metrics that are ours.</param>
/// <param name="watches">Whether any rule gives names; else there is nothing to keep apart.</param>
/// <param name="logger">Is told of each refusal.</param>
internal sealed class ResultNames(OwnMetrics own, bool watches, ILogger? logger)
{
    /// <summary>The most names that are kept apart, ten times what one provider of the SDK aggregates.</summary>
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<(string Meter, string Name), Holder> _holders = new(new IgnoreCase());

    /// <summary>Whether a rule gave the name to one of our metrics.</summary>
    public bool IsOurs(string meter, string name) => _holders.TryGetValue((meter, name), out var holder) && holder.IsOurs && holder.Instrument != name;

    /// <summary>Lets an instrument have its own name.</summary>
    /// <returns>False when a rule gave that to another: then this one cannot be exported.</returns>
    public bool Keep(Instrument instrument) =>
        !watches || Hold(instrument, instrument.Name, isOurs: false) is not { } other || Refuse(instrument, other, "It is left out");

    /// <summary>Gives an instrument a rule's name.</summary>
    /// <returns>False when another has it: then it keeps its own.</returns>
    public bool Give(Instrument instrument, string name, bool isOurs)
    {
        var other = own.Owns(instrument.Meter.Name, name) && !isOurs ? name : Hold(instrument, name, isOurs);
        return other is null || Refuse(instrument, other, $"It is not renamed to '{name}'");
    }

    /// <summary>The instrument that has the name; null when it is this one, now or before.</summary>
    private string? Hold(Instrument instrument, string name, bool isOurs)
    {
        if (_holders.Count >= Most) return null;
        var holder = _holders.GetOrAdd((instrument.Meter.Name, name), new Holder(instrument.Name, isOurs));
        return holder.Instrument.Equals(instrument.Name, StringComparison.OrdinalIgnoreCase) ? null : holder.Instrument;
    }

    private bool Refuse(Instrument instrument, string other, string what)
    {
        TelemetryLosses.Count("metrics", instrument.Name, "name_conflict");
        logger?.LogWarning(
            Diagnostic.MetricNameConflict.EventId,
            "Instrument {Instrument} of meter {Meter}: {What}, because instrument {Other} has that name. Change the rule that renames one of them.",
            instrument.Name, instrument.Meter.Name, what, other);
        return false;
    }

    private sealed record Holder(string Instrument, bool IsOurs);

    /// <summary>As the SDK compares names.</summary>
    private sealed class IgnoreCase : IEqualityComparer<(string Meter, string Name)>
    {
        public bool Equals((string Meter, string Name) x, (string Meter, string Name) y) =>
            x.Meter.Equals(y.Meter, StringComparison.OrdinalIgnoreCase) && x.Name.Equals(y.Name, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((string Meter, string Name) obj) => HashCode.Combine(
            obj.Meter.GetHashCode(StringComparison.OrdinalIgnoreCase), obj.Name.GetHashCode(StringComparison.OrdinalIgnoreCase));
    }
}
