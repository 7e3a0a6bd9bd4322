namespace OtelTelemetry.Configuration;

/// <summary>The variables of OpenTelemetry's specification that the SDK for .NET does not read: <c>OTEL_SDK_DISABLED</c> and
/// <c>OTEL_{TRACES,METRICS,LOGS}_EXPORTER</c> (OpenTelemetry environment variable specification, "General SDK Configuration", "Exporter Selection").</summary>
internal static class ExporterVariables
{
    private static readonly string[] KnownButMissing = ["console", "logging", "zipkin", "jaeger", "xray", "otlp/stdout", "otlp_file"];

    public static void Bind(SettingBinder binder, SettingReport report, TelemetryOptions options)
    {
        if (binder.Text("OTEL_SDK_DISABLED") is { } disabled)
        {
            var parsed = Parse.Boolean(disabled);
            if (parsed.Problem is not null)
            {
                report.Error("OTEL_SDK_DISABLED", parsed.Problem, parsed.Remedy!);
            }
            else if (parsed.Value)
            {
                options.Enabled = false;
            }
        }

        var traces = Choose(binder, report, "OTEL_TRACES_EXPORTER", "Otlp:Traces:Enabled", ["zipkin"], on => options.Otlp.Traces.Enabled = on);
        if (traces.Length > 0)
        {
            options.Zipkin.Enabled = traces.Contains("zipkin");
            report.CameFrom("Zipkin:Enabled", "OTEL_TRACES_EXPORTER", options.Zipkin.Enabled);
        }

        Choose(binder, report, "OTEL_LOGS_EXPORTER", "Otlp:Logs:Enabled", [], on => options.Otlp.Logs.Enabled = on);
        var chosen = Choose(binder, report, "OTEL_METRICS_EXPORTER", "Otlp:Metrics:Enabled", ["prometheus"], on => options.Otlp.Metrics.Enabled = on);

        // A list without prometheus says where to push; the endpoint, which pushes nothing, is closed by none only.
        if (chosen.Contains("prometheus")) options.Prometheus.Enabled = true;
        if (chosen.Contains("none")) options.Prometheus.Enabled = false;
    }

    private static string[] Choose(
        SettingBinder binder, SettingReport report, string variable, string path, string[] further, Action<bool?> sendByOtlp)
    {
        if (binder.Text(variable) is not { } text) return [];
        var names = Parse.List(text).Value!.Select(name => name.ToLowerInvariant()).ToArray();
        foreach (var name in names)
        {
            if (name is "otlp" or "none" || further.Contains(name)) continue;
            if (KnownButMissing.Contains(name) || name == "prometheus")
            {
                report.Warnings.Add($"{variable}: the exporter '{name}' is not part of this library and is left out.");
            }
            else
            {
                report.Error(variable, $"'{name}' is not a known exporter", "Allowed: " + string.Join(", ", (string[])["otlp", .. further, "none"]));
            }
        }

        if (names.Contains("none") && names.Length > 1)
        {
            report.Error(variable, "'none' stands beside other exporters", "Allowed: none alone, or exporters without none");
        }

        bool? on = names.Contains("otlp");
        sendByOtlp(on);
        report.CameFrom(path, variable, on);
        return names;
    }
}
