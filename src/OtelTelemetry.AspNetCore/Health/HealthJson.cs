using System.Buffers;
using System.Text.Json;
using OtelTelemetry.Health;
using OtelTelemetry.Instruments;

namespace OtelTelemetry.AspNetCore.Health;

/// <summary>A report as JSON: the state, and with details every check by its name.</summary>
internal static class HealthJson
{
    public static void Write(IBufferWriter<byte> output, HealthState state, HealthGroupReport report, bool details)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("status", HealthMonitor.NameOf(state));
        if (details)
        {
            json.WriteStartObject("checks");
            foreach (var check in report.Checks) Write(json, check);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, HealthCheckReport check)
    {
        json.WriteStartObject(check.Name);
        json.WriteString("status", HealthMonitor.NameOf(check.State));
        json.WriteString("since", check.Since);
        json.WriteStartArray("tags");
        foreach (var tag in check.Tags) json.WriteStringValue(tag);
        json.WriteEndArray();
        json.WriteNumber("runs", check.Runs);
        json.WriteNumber("consecutive_failures", check.ConsecutiveFailures);
        if (check.LastRun is { } last)
        {
            json.WriteNumber("duration_seconds", last.Duration.TotalSeconds);
            json.WriteString("checked_at", last.At);
            if (last.Description is { } description) json.WriteString("description", description);
        }

        if (check.LastError is { } error)
        {
            json.WriteString("last_error", error.Description);
            json.WriteString("last_error_at", error.At);
        }

        json.WriteStartArray("history");
        foreach (var run in check.History) Write(json, run);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, HealthCheckRun run)
    {
        json.WriteStartObject();
        json.WriteString("at", run.At);
        json.WriteString("status", HealthMonitor.NameOf(run.Result));
        json.WriteNumber("duration_seconds", run.Duration.TotalSeconds);
        if (run.Description is { } description) json.WriteString("description", description);
        json.WriteEndObject();
    }
}
