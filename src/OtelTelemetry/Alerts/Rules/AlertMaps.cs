namespace OtelTelemetry.Alerts.Rules;

/// <summary>Maps of names and values, as rules and silences have them.</summary>
internal static class AlertMaps
{
    public static bool Same(IReadOnlyDictionary<string, string> left, IReadOnlyDictionary<string, string> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
