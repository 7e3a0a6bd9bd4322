namespace OtelTelemetry.Reading;

/// <summary>Reads one metric family: the only thing an exporter needs to know of where its numbers come from. Safe for concurrent readers.</summary>
public abstract class MetricFamilyReader
{
    /// <summary>Returned by <see cref="Read"/> when every series was visited.</summary>
    public const int Done = -1;

    /// <summary>What is the same for all series.</summary>
    public abstract MetricDescriptor Descriptor { get; }

    /// <summary>Visits series from <paramref name="start"/> on, until all were visited or the visitor returns false.</summary>
    /// <param name="start">0, or what an earlier call returned.</param>
    /// <param name="visitor">Receives the series.</param>
    /// <returns>Where to continue, or <see cref="Done"/>.</returns>
    public abstract int Read(int start, MetricVisitor visitor);
}
