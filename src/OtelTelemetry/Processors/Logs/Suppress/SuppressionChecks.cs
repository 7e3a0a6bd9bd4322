namespace OtelTelemetry.Processors.Logs.Suppress;

/// <summary>Checks what the settings of processors that suppress have in common.</summary>
internal static class SuppressionChecks
{
    internal const string Allowed = "Allowed: 1s to 24h";

    internal static string? WhatIsWrongWith(TimeSpan period) =>
        period < TimeSpan.FromSeconds(1) || period > TimeSpan.FromDays(1) ? $"{period} is no period to count in" : null;
}
