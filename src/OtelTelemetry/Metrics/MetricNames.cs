using System.Diagnostics.CodeAnalysis;

namespace OtelTelemetry.Metrics;

/// <summary>Puts names together and checks them.</summary>
internal static class MetricNames
{
    /// <summary>OpenTelemetry metrics API, section "Instrument name syntax".</summary>
    internal const int LongestName = 255;

    /// <summary>Namespace, subsystem and name; joined by dots where one of them is dotted, else by underscores.</summary>
    internal static string Join(string @namespace, string subsystem, string name)
    {
        string[] parts = [.. new[] { @namespace, subsystem, name }.Where(part => part.Length > 0)];
        return string.Join(parts.Any(part => part.Contains('.', StringComparison.Ordinal)) ? '.' : '_', parts);
    }

    internal static bool IsMetricName([NotNullWhen(true)] string? fullName) =>
        !string.IsNullOrEmpty(fullName) && fullName.Length <= LongestName && char.IsAsciiLetter(fullName[0])
        && fullName.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '/');

    internal static void CheckMetricName([NotNull] string? fullName)
    {
        if (IsMetricName(fullName)) return;
        throw new ArgumentException(
            $"'{fullName}' is not a metric name. A name begins with a letter and has at most {LongestName} letters, digits, '_', '.', '-' and '/'. Rename the metric, for example 'orders_total'.",
            nameof(fullName));
    }

    internal static void CheckLabelNames(string metric, IReadOnlyList<string> labelNames, IEnumerable<string> constantLabels, string? reserved)
    {
        foreach (var (name, problem) in WrongLabelNames(labelNames, constantLabels, reserved))
        {
            throw new ArgumentException($"The label name '{name}' of metric '{metric}' {problem}. Rename or remove the label.", nameof(labelNames));
        }
    }

    /// <summary>The label names that cannot be, each with what is wrong about it.</summary>
    internal static IEnumerable<(string? Name, string Problem)> WrongLabelNames(IReadOnlyList<string> labelNames, IEnumerable<string> constantLabels, string? reserved)
    {
        var seen = new HashSet<string>(constantLabels, StringComparer.Ordinal);
        foreach (var name in labelNames)
        {
            var problem = string.IsNullOrEmpty(name) ? "is empty"
                : name.StartsWith("__", StringComparison.Ordinal) ? "begins with '__', which Prometheus keeps for itself"
                : name == reserved ? "is used by the metric's own kind"
                : !seen.Add(name) ? "is there twice, or is also a constant label"
                : null;
            if (problem is not null) yield return (name, problem);
        }
    }

    /// <summary>The finite bounds, checked; a closing +Inf is taken off, since every histogram has that bucket.</summary>
    internal static double[] CheckBuckets(string metric, IReadOnlyList<double> buckets)
    {
        var bounds = buckets.ToArray();
        if (bounds.Length > 0 && double.IsPositiveInfinity(bounds[^1])) bounds = bounds[..^1];
        if (PositionOfWrongBucket(buckets) is { } position)
        {
            throw new ArgumentException(
                $"The buckets of histogram '{metric}' must be finite and strictly ascending, but {buckets[position]:R} is at position {position + 1} of [{string.Join(", ", bounds)}]. Sort the list and remove repeated values.",
                nameof(buckets));
        }

        return bounds;
    }

    /// <summary>Where the list stops to ascend or has something that is no bound; null where it is right. It may close with +Inf.</summary>
    internal static int? PositionOfWrongBucket(IReadOnlyList<double> buckets)
    {
        for (var i = 0; i < buckets.Count; i++)
        {
            if (i == buckets.Count - 1 && double.IsPositiveInfinity(buckets[i])) break;
            if (!double.IsFinite(buckets[i]) || (i > 0 && buckets[i] <= buckets[i - 1])) return i;
        }

        return null;
    }

    internal static bool IsQuantile(double value) => value is >= 0 and <= 1;

    internal static double[] CheckQuantiles(string metric, IReadOnlyList<double> quantiles)
    {
        var points = quantiles.Distinct().Order().ToArray();
        return points.All(IsQuantile)
            ? points
            : throw new ArgumentException($"The quantiles of summary '{metric}' must be numbers from 0 to 1, but they are [{string.Join(", ", quantiles)}]. Write the 95th percentile as 0.95.", nameof(quantiles));
    }
}
