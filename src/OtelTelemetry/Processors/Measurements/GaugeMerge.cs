namespace OtelTelemetry.Processors.Measurements;

/// <summary>What becomes of gauge values that belong to one series after labels were dropped. Counters, up-down counters and histograms
/// are added up; gauges, by definition, have no one right way.</summary>
public enum GaugeMerge
{
    /// <summary>The largest value. The default: it is the same whatever order the values come in, and hides nothing that is too high.</summary>
    Maximum,

    /// <summary>The smallest value.</summary>
    Minimum,

    /// <summary>The sum: for values that are parts of a whole, such as the lengths of several queues.</summary>
    Sum,

    /// <summary>The mean, each series counting once.</summary>
    Average,

    /// <summary>The value that was recorded last. Where values are not recorded but read, as those of observable gauges and of this
    /// library's own are, the one that is read last.</summary>
    Last,
}
