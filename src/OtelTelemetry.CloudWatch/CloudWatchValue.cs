namespace OtelTelemetry.Exporters.CloudWatch;

/// <summary>What CloudWatch is told of one metric: a number, a statistic set, or values with their counts.</summary>
/// <param name="Number">The number, where there is one only.</param>
/// <param name="Statistics">The statistic set, or null.</param>
/// <param name="Distribution">The values and how often each came, or null.</param>
internal readonly record struct CloudWatchValue(double Number, CloudWatchStatistics? Statistics = null, IReadOnlyList<(double Value, double Count)>? Distribution = null);

/// <summary>A statistic set.</summary>
internal readonly record struct CloudWatchStatistics(double Count, double Sum, double Minimum, double Maximum);
