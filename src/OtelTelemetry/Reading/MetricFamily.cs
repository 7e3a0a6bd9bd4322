namespace OtelTelemetry.Reading;

/// <summary>A metric family copied out of its source: nothing in it changes any more. For people, tests and simple exporters;
/// exporters of many series read a <see cref="MetricFamilyReader"/> instead, which copies nothing. Immutable.</summary>
/// <param name="Descriptor">What is the same for all samples.</param>
/// <param name="Samples">One sample a series. Each must carry what <see cref="MetricDescriptor.Kind"/> asks for.</param>
/// <exception cref="ArgumentException">A sample lacks the histogram or summary that the kind asks for.</exception>
public sealed record MetricFamily(MetricDescriptor Descriptor, IReadOnlyList<MetricSample> Samples)
{
    /// <summary>What is the same for all samples.</summary>
    public MetricDescriptor Descriptor { get; } = Descriptor ?? throw new ArgumentNullException(nameof(Descriptor));

    /// <summary>One sample a series.</summary>
    public IReadOnlyList<MetricSample> Samples { get; } = Checked(Descriptor, Samples);

    private static MetricSample[] Checked(MetricDescriptor descriptor, IReadOnlyList<MetricSample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        for (var i = 0; i < samples.Count; i++)
        {
            var sample = samples[i];
            var complete = descriptor.Kind switch
            {
                MetricKind.Histogram => sample.Histogram is not null,
                MetricKind.ExponentialHistogram => sample.ExponentialHistogram is not null,
                MetricKind.Summary => sample.Summary is not null,
                _ => true,
            };
            if (!complete)
            {
                throw new ArgumentException($"Sample {i} of metric '{descriptor.Name}' has no {descriptor.Kind} value, but the family is a {descriptor.Kind}.", nameof(samples));
            }
        }

        return [.. samples];
    }
}
