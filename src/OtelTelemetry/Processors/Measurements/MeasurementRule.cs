namespace OtelTelemetry.Processors.Measurements;

/// <summary>
/// What happens to the measurements of some instruments before they are exported: deny, rename, other buckets, other labels, a filter,
/// quantiles (an entry of <c>Telemetry:Metrics:Rules</c>). It serves the instruments of any meter, this library's own included.
/// All rules that match an instrument apply, in the order written. Within a rule measurements are filtered first, then labels are
/// kept or dropped, mapped, renamed and added: the names of labels are those before <see cref="RenameLabels"/>.
/// Values are copied when telemetry is built. Not thread-safe.
/// </summary>
public sealed class MeasurementRule
{
    /// <summary>Which meters: a name without regard to case, in which <c>*</c> stands for any text and <c>?</c> for one letter. Default: <c>*</c>.</summary>
    public string Meter { get; set; } = "*";

    /// <summary>Which instruments of those meters: the name the instrument was made with, written like <see cref="Meter"/>. Default: <c>*</c>.</summary>
    public string Instrument { get; set; } = "*";

    /// <summary>Whether the instruments are left out of every export. No other rule brings them back. Default: false.</summary>
    public bool Deny { get; set; }

    /// <summary>The instrument's new name; <c>*</c> in it stands for the old one, and is needed where <see cref="Instrument"/> can match several.
    /// Default: null, which keeps the name.</summary>
    public string? Rename { get; set; }

    /// <summary>The inclusive upper bounds of the buckets of histograms, finite and strictly ascending. Without effect on other instruments,
    /// and on histograms of this library that were not made by a collector of the application's services. Default: empty, which keeps the buckets.</summary>
    public IList<double> Buckets { get; } = [];

    /// <summary>The only labels to keep; values that then have the same labels are put together. Default: empty, which keeps all.</summary>
    public IList<string> KeepLabels { get; } = [];

    /// <summary>Labels to drop; values that then have the same labels are put together. Default: none.</summary>
    public IList<string> DropLabels { get; } = [];

    /// <summary>New values of labels: for a label's name, patterns of its value (with regard to case; <c>*</c> any text, <c>?</c> one letter)
    /// and what takes the value's place. The pattern with the most letters that are no wildcard wins, one without wildcards before all others;
    /// a value that no pattern matches stays. Default: none.</summary>
    public IDictionary<string, IDictionary<string, string>> MapLabels { get; } = new Dictionary<string, IDictionary<string, string>>(StringComparer.Ordinal);

    /// <summary>New names of labels, by their old ones. A label that has the new name already gives way. Default: none.</summary>
    public IDictionary<string, string> RenameLabels { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Labels that every measurement gets, unless it has one of that name. Default: none.</summary>
    public IDictionary<string, string> AddLabels { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Which measurements to leave out: those whose labels match all of these patterns (written like those of <see cref="MapLabels"/>);
    /// a label that is not there matches none. Each is counted in <c>telemetry_dropped_total</c>. Default: none.</summary>
    public IDictionary<string, string> DropWhere { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How gauges that have the same labels after labels were changed are put together.
    /// Default: null, which is what an earlier rule says, or else <see cref="GaugeMerge.Maximum"/>.</summary>
    public GaugeMerge? GaugeMerge { get; set; }

    /// <summary>Quantiles, each from 0 to 1, to compute of other libraries' histograms, over a sliding window of 10 minutes and within 2%:
    /// they appear as a summary beside the histogram, named as it and <c>.quantiles</c>. Without effect on other instruments, and on this
    /// library's own (which has <see cref="OtelTelemetry.Metrics.Summary"/>). Default: none.</summary>
    public IList<double> Quantiles { get; } = [];

    /// <summary>The configuration's key of the rule, relative to section <c>Telemetry</c>; null when it was made in code.</summary>
    internal string? Key { get; init; }

    internal bool ChangesLabels =>
        KeepLabels.Count + DropLabels.Count + MapLabels.Count + RenameLabels.Count + AddLabels.Count + DropWhere.Count > 0;
}
