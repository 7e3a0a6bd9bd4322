using System.Globalization;

namespace OtelTelemetry.Exporters.Deltas;

/// <summary>How quantiles are called in names: <c>p50</c>, <c>p99_9</c>.</summary>
internal static class QuantileName
{
    public static string Of(double quantile) => quantile switch
    {
        0.5 => "p50",
        0.9 => "p90",
        0.95 => "p95",
        0.99 => "p99",
        _ => "p" + Math.Round(quantile * 100, 6).ToString("0.######", CultureInfo.InvariantCulture).Replace('.', '_'),
    };
}
