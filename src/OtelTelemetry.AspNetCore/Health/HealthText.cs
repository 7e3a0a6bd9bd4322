using System.Buffers;
using System.Globalization;
using System.Text;
using OtelTelemetry.Health;
using OtelTelemetry.Instruments;

namespace OtelTelemetry.AspNetCore.Health;

/// <summary>A report as plain text: the state on a line, and with details a line for every check.</summary>
internal static class HealthText
{
    public static void Write(IBufferWriter<byte> output, HealthState state, HealthGroupReport report, bool details)
    {
        var text = new StringBuilder(HealthMonitor.NameOf(state)).Append('\n');
        if (details)
        {
            foreach (var check in report.Checks)
            {
                text.Append(CultureInfo.InvariantCulture, $"{check.Name}: {HealthMonitor.NameOf(check.State)} since {check.Since:u}");
                if (check.LastRun is { } last) text.Append(CultureInfo.InvariantCulture, $", {last.Duration.TotalSeconds:0.000} s");
                if (check.LastRun?.Description is { } description) text.Append(": ").Append(OneLine(description));
                text.Append('\n');
            }
        }

        Encoding.UTF8.GetBytes(text.ToString(), output);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
