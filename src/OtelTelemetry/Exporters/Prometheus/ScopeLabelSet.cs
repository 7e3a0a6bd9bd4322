using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>The labels that say which meter a series belongs to (compatibility specification, section "Instrumentation Scope").</summary>
internal static class ScopeLabelSet
{
    public static IEnumerable<KeyValuePair<string, string>> Of(MetricScope scope)
    {
        if (scope.Name.Length > 0) yield return new("otel_scope_name", scope.Name);
        if (scope.Version.Length > 0) yield return new("otel_scope_version", scope.Version);
        var names = new HashSet<string>(StringComparer.Ordinal) { "otel_scope_name", "otel_scope_version" };
        foreach (var (name, value) in scope.Attributes)
        {
            var label = PrometheusNames.Underscores("otel_scope_" + name, colons: false);
            if (names.Add(label)) yield return new(label, value);
        }
    }
}
